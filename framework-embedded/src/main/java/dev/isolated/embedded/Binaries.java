package dev.isolated.embedded;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.tukaani.xz.XZInputStream;

/** The Postgres binaries for this platform, as an archive on the class path. Immutable. */
record Binaries(URL archive) {

    /** The archive for this platform, if its jar is on the class path. */
    static Optional<Binaries> found() {
        return Optional.ofNullable(Binaries.class.getResource("/" + resource())).map(Binaries::new);
    }

    /** The name that the archive for this platform has. */
    static String resource() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : "linux";
        String arch = System.getProperty("os.arch");
        String machine = arch.equals("aarch64") ? "arm_64" : arch.equals("amd64") ? "x86_64" : arch;
        return "postgres-" + system + "-" + machine + ".txz";
    }

    /** The directory with {@code bin}, {@code lib} and {@code share}; unpacked there by whoever comes first. */
    Path unpacked(Path cache) throws IOException {
        return Once.directory(cache.resolve("postgres-" + fingerprint()), directory -> {
            Log.LOGGER.log(System.Logger.Level.INFO, "unpacking Postgres into {0}, once for this machine", directory);
            unpack(directory);
        });
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
        Process tar = new ProcessBuilder("tar", "-x", "-f", "-", "-C", directory.toString())
                .redirectErrorStream(true)
                .start();
        try (InputStream raw = archive.openStream();
                var content = new XZInputStream(new BufferedInputStream(raw));
                OutputStream input = tar.getOutputStream()) {
            content.transferTo(input);
        }
        Programs.await(tar, "tar");
    }
}
