package dev.isolated.spi;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The user's directory for what this library keeps between runs. Stateless. */
public final class UserCache {

    private UserCache() {}

    /** Where it is, by the conventions of the operating system. */
    public static Path path() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        Path caches = xdg == null || xdg.isEmpty() ? home.resolve(mac ? "Library/Caches" : ".cache") : Path.of(xdg);
        return caches.resolve("isolated");
    }

    /** Makes a directory that nobody else can enter. */
    public static void createPrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        if (posix(directory)) {
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        }
    }

    /** Makes a new file that nobody else can read. */
    public static void createPrivateFile(Path file) throws IOException {
        if (posix(file)) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }

    private static boolean posix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
