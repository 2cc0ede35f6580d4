package dev.isolated.embedded;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import dev.isolated.spi.UserCache;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;

/** The directories that the embedded servers use. Immutable. */
final class Places {

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final Path NAMESPACE = Path.of("/proc/self/ns/pid");
    private static final long ROOM = 512L << 20;

    private final Settings settings;
    private final Account account;

    Places(Settings settings, Account account) {
        this.settings = settings;
        this.account = account;
    }

    /** What is made once per machine and user: binaries and initialised data directories. */
    Path cache() throws IOException {
        String configured = settings.get(EmbeddedKeys.CACHE);
        Path path = configured.isEmpty() ? userCache() : Path.of(configured);
        var missing = new ArrayDeque<Path>();
        for (Path at = path.toAbsolutePath(); at != null && !Files.exists(at); at = at.getParent()) {
            missing.push(at);
        }
        Files.createDirectories(path);
        if (account.root()) {
            // Whatever the umask says: the server's own account must be able to read what is in there.
            for (Path made : missing) {
                Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return path;
    }

    /** What servers say, for some time after they have gone. */
    Path logs() throws IOException {
        return ownDirectory(cache().resolve("logs"), EmbeddedKeys.CACHE);
    }

    /** Where running servers live, one directory each: memory where there is room, else the temporary directory. */
    Path running() throws IOException {
        String configured = settings.get(EmbeddedKeys.DIRECTORY);
        Path parent = configured.isEmpty() ? roomiest() : Path.of(configured);
        requireDirectory(parent);
        Path path = parent.resolve("isolated-" + account.user().number() + processNamespace());
        ownDirectory(path, EmbeddedKeys.DIRECTORY);
        if (account.root()) {
            // The server's own account must be able to pass through; what is inside is private.
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
        }
        requireReachable(path, EmbeddedKeys.DIRECTORY);
        return path;
    }

    /** Fails with the first directory on the way to a path through which the server's account cannot pass. */
    void requireReachable(Path path, Key<String> key) throws IOException {
        if (!account.root()) {
            return;
        }
        Path real = path.toRealPath();
        for (int names = 1; names <= real.getNameCount(); names++) {
            Path at = real.getRoot().resolve(real.subpath(0, names));
            boolean own = Files.getOwner(at).getName().equals(account.owner());
            if (!Files.getPosixFilePermissions(at)
                    .contains(own ? PosixFilePermission.OWNER_EXECUTE : PosixFilePermission.OTHERS_EXECUTE)) {
                throw new IsolationException(
                        Explanation.couldNot("run a server as " + account.owner() + " with " + path)
                                .expected("that user to be able to pass through the directory " + at)
                                .found("that its permissions are "
                                        + PosixFilePermissions.toString(Files.getPosixFilePermissions(at)))
                                .next("chmod o+x " + at + ", or choose another place with " + key));
            }
        }
    }

    private Path userCache() {
        if (account.root()) {
            return Path.of("/var/cache/isolated");
        }
        return UserCache.path();
    }

    private static Path roomiest() throws IOException {
        boolean memory = Files.isDirectory(SHARED_MEMORY)
                && Files.isWritable(SHARED_MEMORY)
                && Files.getFileStore(SHARED_MEMORY).getUsableSpace() >= ROOM;
        return memory ? SHARED_MEMORY : Path.of(System.getProperty("java.io.tmpdir"));
    }

    private Path ownDirectory(Path path, Key<String> key) throws IOException {
        try {
            Files.createDirectory(
                    path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        } catch (FileAlreadyExistsException e) {
            requireOwn(path, key);
        }
        return path;
    }

    /** Numbers of processes mean nothing in a container that shares no more than this directory; empty where nobody says. */
    private static String processNamespace() throws IOException {
        return Files.exists(NAMESPACE)
                ? "-" + Files.readSymbolicLink(NAMESPACE).toString().replaceAll("\\D", "")
                : "";
    }

    /** In a directory that everybody can write to, somebody else may have been first. */
    private void requireOwn(Path path, Key<String> key) throws IOException {
        boolean directory = Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        long owner = User.ownerOf(path);
        long user = account.user().number();
        if (!directory || owner != user) {
            throw new IsolationException(Explanation.couldNot("use the directory " + path + " for servers")
                    .expected("a directory that belongs to user " + user)
                    .found((directory ? "a directory" : "something else") + " that belongs to user " + owner)
                    .next("remove it, or choose another place with " + key));
        }
    }

    private static void requireDirectory(Path path) {
        if (!Files.isDirectory(path)) {
            throw new IsolationException(Explanation.couldNot("use " + path + " for servers")
                    .expected("an existing directory")
                    .found(Files.exists(path) ? "something that is no directory" : "nothing there")
                    .next("make the directory, or choose another place with " + EmbeddedKeys.DIRECTORY));
        }
    }
}
