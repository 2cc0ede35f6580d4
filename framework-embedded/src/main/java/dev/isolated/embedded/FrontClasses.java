package dev.isolated.embedded;

import com.clickhouse.data.ClickHouseFormat;
import com.sun.jna.Native;
import dev.isolated.embedded.front.Front;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import net.jpountz.lz4.LZ4Factory;

/**
 * The classes of the front's process, copied to where the server's account can read them whatever the class path of this
 * JVM is. Stateless.
 */
final class FrontClasses {

    private static final Duration UNUSED = Duration.ofDays(1);
    private static final String NAME = "clickhouse-front-";
    private static final List<Class<?>> ONE_OF_EACH =
            List.of(Front.class, Native.class, ClickHouseFormat.class, LZ4Factory.class);
    private static final String PACKAGE = Front.class.getPackageName().replace('.', '/');

    private FrontClasses() {}

    /** The directory with the copies, made by whoever comes first. */
    static Path gathered(Path cache) throws IOException {
        List<Path> sources = sources();
        Path gathered = Once.directory(cache.resolve(NAME + fingerprint(sources)), directory -> {
            removeUnused(cache);
            gather(sources, directory);
        });
        // A cache that is somebody else's, or only for reading, is theirs to tidy up.
        if (Files.isWritable(gathered)) {
            Files.setLastModifiedTime(gathered, FileTime.from(Instant.now()));
        }
        return gathered;
    }

    /** What earlier versions have left, once nobody has used it for a day. */
    private static void removeUnused(Path cache) throws IOException {
        Instant limit = Instant.now().minus(UNUSED);
        for (Path directory : all(cache)) {
            if (Files.getLastModifiedTime(directory).toInstant().isBefore(limit)) {
                Once.delete(directory);
                Files.deleteIfExists(directory.resolveSibling(directory.getFileName() + ".lock"));
            }
        }
    }

    /** The class path of a directory with copies. */
    static List<Path> path(Path gathered) {
        var path = new ArrayList<Path>();
        for (int i = 0; i < ONE_OF_EACH.size(); i++) {
            path.add(copy(gathered, i));
        }
        return path;
    }

    static void distrust(Path cache) throws IOException {
        for (Path directory : all(cache)) {
            Once.delete(directory);
        }
    }

    private static List<Path> all(Path cache) throws IOException {
        var all = new ArrayList<Path>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(cache, NAME + "*")) {
            for (Path directory : found) {
                if (Files.isDirectory(directory)) {
                    all.add(directory);
                }
            }
        }
        return all;
    }

    private static Path copy(Path gathered, int number) {
        return gathered.resolve(number + ".jar");
    }

    /** Jars and, while this project is built, directories. */
    private static List<Path> sources() throws IOException {
        var sources = new ArrayList<Path>();
        for (Class<?> one : ONE_OF_EACH) {
            try {
                sources.add(Path.of(
                        one.getProtectionDomain().getCodeSource().getLocation().toURI()));
            } catch (URISyntaxException e) {
                throw new IOException("the class path has no file for " + one.getName(), e);
            }
        }
        return sources;
    }

    /** Of jars the time tells whether they have changed, of classes that are still being built their content. */
    private static String fingerprint(List<Path> sources) throws IOException {
        var sum = new CRC32();
        for (Path source : sources) {
            if (Files.isDirectory(source)) {
                for (Path file : classes(source)) {
                    sum.update(Files.readAllBytes(file));
                }
            } else {
                sum.update(source.getFileName().toString().getBytes(StandardCharsets.UTF_8));
                sum.update(ByteBuffer.allocate(2 * Long.BYTES)
                        .putLong(Files.size(source))
                        .putLong(Files.getLastModifiedTime(source).toMillis())
                        .flip());
            }
        }
        return Long.toHexString(sum.getValue());
    }

    private static List<Path> classes(Path root) throws IOException {
        try (var files = Files.walk(root.resolve(PACKAGE))) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void pack(Path source, Path jar) throws IOException {
        try (var packed = new JarOutputStream(Files.newOutputStream(jar))) {
            for (Path file : classes(source)) {
                packed.putNextEntry(new ZipEntry(source.relativize(file).toString()));
                Files.copy(file, packed);
            }
        }
    }

    private static void gather(List<Path> sources, Path directory) throws IOException {
        Files.createDirectories(directory);
        for (int i = 0; i < sources.size(); i++) {
            Path source = sources.get(i);
            Path copy = copy(directory, i);
            if (Files.isDirectory(source)) {
                pack(source, copy);
            } else {
                Files.copy(source, copy);
            }
        }
        // Where root copies with a strict umask, somebody else is to run it.
        Programs.run(new ProcessBuilder("chmod", "-R", "a+rX", directory.toString()), "chmod");
    }
}
