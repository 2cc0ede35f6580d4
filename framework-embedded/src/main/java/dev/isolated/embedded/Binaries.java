package dev.isolated.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.tukaani.xz.XZInputStream;

/** The Postgres binaries for this platform, as an archive on the class path. Immutable. */
record Binaries(URL archive) {

    /** The archive for a platform, if its jar is on the class path. */
    static Optional<Binaries> found(Platform platform) {
        return Optional.ofNullable(Binaries.class.getResource("/" + platform.resource()))
                .map(Binaries::new);
    }

    /** The directory with {@code bin}, {@code lib} and {@code share}; unpacked there by whoever comes first. */
    Path unpacked(Path cache) throws IOException {
        return Once.directory(directory(cache), directory -> {
            Log.LOGGER.log(System.Logger.Level.INFO, "unpacking Postgres into {0}, once for this machine", directory);
            unpack(directory);
        });
    }

    /** After a start that failed: removes what somebody has damaged, and nothing else, so that the next start makes it anew. */
    void distrust(Path cache) throws IOException {
        Path unpacked = directory(cache);
        try (DirectoryStream<Path> initialised = Files.newDirectoryStream(cache, unpacked.getFileName() + "-data-*")) {
            for (Path path : initialised) {
                if (DataTemplate.damaged(path)) {
                    Once.delete(path);
                }
            }
        }
        if (Files.isDirectory(unpacked) && !runs(unpacked)) {
            Once.delete(unpacked);
        }
    }

    private static boolean runs(Path unpacked) {
        try {
            for (String program : List.of("postgres", "initdb")) {
                Programs.run(
                        new ProcessBuilder(
                                unpacked.resolve("bin").resolve(program).toString(), "--version"),
                        program);
            }
            return true;
        } catch (IOException e) {
            Log.LOGGER.log(
                    System.Logger.Level.WARNING, "the programs in {0} do not run: {1}", unpacked, e.getMessage());
            return false;
        }
    }

    private Path directory(Path cache) throws IOException {
        return cache.resolve("postgres-" + fingerprint());
    }

    /** Names the archive's content without reading it. */
    private String fingerprint() throws IOException {
        URLConnection connection = archive.openConnection();
        if (connection instanceof JarURLConnection jar) {
            return Long.toHexString(jar.getJarEntry().getCrc()) + "-"
                    + jar.getJarEntry().getSize();
        }
        return connection.getContentLengthLong() + "-" + connection.getLastModified();
    }

    /** The JVM has no tar and the system has no xz, so each does its half. */
    private void unpack(Path directory) throws IOException {
        Files.createDirectories(directory);
        Programs.run(new ProcessBuilder("tar", "-x", "-f", "-", "-C", directory.toString()), "tar", tar -> {
            try (InputStream raw = archive.openStream();
                    var content = new XZInputStream(new BufferedInputStream(raw))) {
                content.transferTo(tar);
            }
        });
        // Where root unpacks with a strict umask, somebody else is to run it.
        Programs.run(new ProcessBuilder("chmod", "-R", "a+rX", directory.toString()), "chmod");
    }
}
