package dev.isolated.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
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

    static final String LOCK = ".lock";
    static final String PREFIX = "server-";
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
        Leftovers.sweep(parent, OWN::contains);
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
            if (taken(path, lockFile, channel)) {
                return new RunDirectory(path, lockFile, channel);
            }
        }
    }

    /** Locks the file and makes the directory; false if somebody swept the file away before it was locked. */
    private static boolean taken(Path path, Path lockFile, FileChannel channel) throws IOException {
        boolean taken = false;
        try {
            channel.lock();
            if (Files.exists(lockFile)) {
                Files.createDirectory(path, PRIVATE);
                taken = true;
            }
            return taken;
        } finally {
            if (!taken) {
                Files.deleteIfExists(lockFile);
                channel.close();
                OWN.remove(lockFile);
            }
        }
    }

    Path path() {
        return path;
    }

    @Override
    public void close() throws IOException {
        try {
            Once.delete(path);
            Files.deleteIfExists(lockFile);
        } finally {
            // What could not be removed is a leftover from now on, also for this JVM.
            lock.close();
            OWN.remove(lockFile);
        }
    }
}
