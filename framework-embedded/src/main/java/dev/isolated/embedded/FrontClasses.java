package dev.isolated.embedded;

import com.clickhouse.data.ClickHouseFormat;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import dev.isolated.embedded.front.Front;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import net.jpountz.lz4.LZ4Factory;

/**
 * The classes of the front's process, copied to where the server's account can read them whatever the class path of this
 * JVM is. Stateless.
 */
final class FrontClasses {

    private static final Duration UNUSED = Duration.ofDays(1);
    private static final String NAME = "clickhouse-front-";
    private static final String JAR = "front.jar";

    private static final List<Part> PARTS = List.of(
            new Part(Front.class, "dev/isolated/embedded/front"),
            new Part(Native.class, "com/sun/jna"),
            new Part(ClickHouseFormat.class, "com/clickhouse/data"),
            new Part(LZ4Factory.class, "net/jpountz"));

    /**
     * Some of what the front needs. Immutable.
     *
     * @param one a class of it
     * @param below the package, which is needed with all that are below it
     */
    private record Part(Class<?> one, String below) {

        /** A jar or, while this project is built, a directory. */
        Path source() throws IOException {
            try {
                return Path.of(
                        one.getProtectionDomain().getCodeSource().getLocation().toURI());
            } catch (URISyntaxException e) {
                throw new IOException("the class path has no file for " + one.getName(), e);
            }
        }

        List<Path> files(Path root) throws IOException {
            try (var files = Files.walk(root.resolve(below))) {
                return files.filter(Files::isRegularFile).sorted().toList();
            }
        }

        void pack(JarOutputStream packed) throws IOException {
            if (Files.isDirectory(source())) {
                pack(source(), packed);
            } else {
                try (FileSystem jar = FileSystems.newFileSystem(source())) {
                    pack(jar.getPath("/"), packed);
                }
            }
        }

        private void pack(Path root, JarOutputStream packed) throws IOException {
            for (Path file : files(root)) {
                packed.putNextEntry(new ZipEntry(root.relativize(file).toString()));
                Files.copy(file, packed);
            }
        }
    }

    private FrontClasses() {}

    /** The directory with the copies, made by whoever comes first. */
    static Path gathered(Path cache) throws IOException {
        Path gathered = Once.directory(cache.resolve(NAME + fingerprint()), directory -> {
            removeUnused(cache);
            gather(directory);
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

    /** The class path in a directory with copies: everything in one, uncompressed, for its JVM to start sooner. */
    static Path jar(Path gathered) {
        return gathered.resolve(JAR);
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

    /** Of jars the time tells whether they have changed, of classes that are still being built their content. */
    private static String fingerprint() throws IOException {
        var sum = new CRC32();
        sum.update(JAR.getBytes(StandardCharsets.UTF_8));
        for (Part part : PARTS) {
            Path source = part.source();
            if (Files.isDirectory(source)) {
                for (Path file : part.files(source)) {
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

    private static void gather(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (var packed = new JarOutputStream(Files.newOutputStream(jar(directory)))) {
            packed.setLevel(Deflater.NO_COMPRESSION);
            for (Part part : PARTS) {
                part.pack(packed);
            }
        }
        unpackJna(directory);
        // Where root copies with a strict umask, somebody else is to run it.
        Programs.run(new ProcessBuilder("chmod", "-R", "a+rX", directory.toString()), "chmod");
    }

    /** JNA's own library, which each front would unpack otherwise. */
    private static void unpackJna(Path directory) throws IOException {
        String name = System.mapLibraryName("jnidispatch").replace(".dylib", ".jnilib");
        try (InputStream library =
                Native.class.getResourceAsStream("/com/sun/jna/" + Platform.RESOURCE_PREFIX + "/" + name)) {
            if (library != null) {
                Files.copy(library, directory.resolve(name));
            }
        }
    }
}
