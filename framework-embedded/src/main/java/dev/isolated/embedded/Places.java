package dev.isolated.embedded;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Settings;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** The directories that the embedded servers use. Immutable. */
final class Places {

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final long ROOM = 512L << 20;

    private final Settings settings;
    private final Account account;
    private final String user = System.getProperty("user.name", "user");

    Places(Settings settings, Account account) {
        this.settings = settings;
        this.account = account;
    }

    /** What is made once per machine and user: binaries and initialised data directories. */
    Path cache() throws IOException {
        String configured = settings.get(EmbeddedKeys.CACHE);
        Path path = configured.isEmpty() ? userCache() : Path.of(configured);
        Files.createDirectories(path);
        return path;
    }

    /** Where running servers live, one directory each: memory where there is room, else the temporary directory. */
    Path running() throws IOException {
        String configured = settings.get(EmbeddedKeys.DIRECTORY);
        Path parent = configured.isEmpty() ? roomiest() : Path.of(configured);
        Path path = parent.resolve("isolated-" + user);
        try {
            // The server's own account must be able to pass through; what is inside is private.
            Files.createDirectory(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(account.root() ? "rwx--x--x" : "rwx------")));
        } catch (FileAlreadyExistsException e) {
            requireOwn(path);
        }
        return path;
    }

    private Path userCache() {
        if (account.root()) {
            return Path.of("/var/cache/isolated");
        }
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path home = Path.of(System.getProperty("user.home"));
        if (xdg != null && !xdg.isEmpty()) {
            return Path.of(xdg, "isolated");
        }
        boolean mac = System.getProperty("os.name").startsWith("Mac");
        return home.resolve(mac ? "Library/Caches" : ".cache").resolve("isolated");
    }

    private static Path roomiest() throws IOException {
        boolean memory = Files.isDirectory(SHARED_MEMORY)
                && Files.isWritable(SHARED_MEMORY)
                && Files.getFileStore(SHARED_MEMORY).getUsableSpace() >= ROOM;
        return memory ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** In a directory that everybody can write to, somebody else may have been first. */
    private void requireOwn(Path path) throws IOException {
        boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        String owner = Files.getOwner(path, LinkOption.NOFOLLOW_LINKS).getName();
        if (!directory || !owner.equals(user)) {
            throw new IsolationException(Explanation.couldNot("use the directory " + path + " for servers")
                    .expected("a directory that belongs to " + user)
                    .found((directory ? "a directory" : "something else") + " that belongs to " + owner)
                    .next("remove it, or choose another place with " + EmbeddedKeys.DIRECTORY));
        }
    }
}
