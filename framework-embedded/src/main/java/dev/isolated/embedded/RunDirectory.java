package dev.isolated.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The directory of one running server, and a lock file beside it that is held for as long as this JVM lives. A directory
 * whose lock can be had belongs to nobody any more: its guard was killed together with its JVM. Thread-safe.
 */
final class RunDirectory implements AutoCloseable {

    private static final String LOCK = ".lock";
    private static final String PREFIX = "server-";
    private static final AtomicInteger COUNT = new AtomicInteger();
    /** This JVM's own, which must not even be opened: closing any channel to a file frees all locks a process has on it. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;
    private final Path lockFile;
    private final FileChannel lock;

    private RunDirectory(Path path, Path lockFile, FileChannel lock) {
        this.path = path;
        this.lockFile = lockFile;
        this.lock = lock;
    }

    /** A new directory, whose lock is taken before it exists, so that nobody can find it without. */
    static RunDirectory create(Path parent) throws IOException {
        sweep(parent);
        while (true) {
            Path path = parent.resolve(PREFIX + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet());
            Path lockFile = parent.resolve(path.getFileName() + LOCK);
            OWN.add(lockFile);
            FileChannel channel;
            try {
                channel = FileChannel.open(lockFile, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            } catch (FileAlreadyExistsException e) {
                // A process with the same number, in another container that shares this directory.
                OWN.remove(lockFile);
                continue;
            }
            channel.lock();
            if (Files.exists(lockFile)) {
                Files.createDirectory(path, PRIVATE);
                return new RunDirectory(path, lockFile, channel);
            }
            // Somebody swept it away between its creation and its lock.
            channel.close();
            OWN.remove(lockFile);
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        Once.delete(path);
        Files.deleteIfExists(lockFile);
        lock.close();
        OWN.remove(lockFile);
    }

    /** Removes what runs have left whose JVM and guard were both killed. */
    private static void sweep(Path parent) throws IOException {
        try (DirectoryStream<Path> lockFiles = Files.newDirectoryStream(parent, PREFIX + "*" + LOCK)) {
            for (Path lockFile : lockFiles) {
                if (!OWN.contains(lockFile)) {
                    sweepAt(lockFile);
                }
            }
        }
    }

    private static void sweepAt(Path lockFile) throws IOException {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                String name = lockFile.getFileName().toString();
                remove(lockFile.resolveSibling(name.substring(0, name.length() - LOCK.length())));
                Files.deleteIfExists(lockFile);
            }
        } catch (NoSuchFileException | OverlappingFileLockException e) {
            Log.LOGGER.log(System.Logger.Level.TRACE, "{0} is somebody else's business", lockFile);
        }
    }

    private static void remove(Path directory) throws IOException {
        Path pidFile = directory.resolve("data/postmaster.pid");
        if (Files.exists(pidFile)) {
            ProcessHandle.of(Long.parseLong(Files.readAllLines(pidFile).get(0)))
                    .filter(process -> process.info()
                            .command()
                            .filter(it -> it.endsWith("postgres"))
                            .isPresent())
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
        Once.delete(directory);
    }
}
