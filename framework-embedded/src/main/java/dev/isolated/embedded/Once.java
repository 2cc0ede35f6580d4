package dev.isolated.embedded;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Makes a directory once for all processes of a machine: under a lock, under a temporary name, and visible only when it is
 * complete. Whoever is killed half-way leaves nothing that the next one would take for whole.
 */
final class Once {

    /** Fills a directory that does not exist yet. */
    interface Maker {
        void make(Path directory) throws IOException;
    }

    /** Something to be done alone. */
    interface Task<T> {
        T run() throws IOException;
    }

    private static final Map<Path, Object> MONITORS = new ConcurrentHashMap<>();
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final int DELETE_ATTEMPTS = 10;

    private Once() {}

    static Path directory(Path path, Maker maker) throws IOException {
        return directory(path, maker, PATIENCE);
    }

    static Path directory(Path path, Maker maker, Duration patience) throws IOException {
        if (Files.isDirectory(path)) {
            return path;
        }
        return alone(path.resolveSibling(path.getFileName() + ".lock"), patience, () -> {
            if (!Files.isDirectory(path)) {
                Path half = path.resolveSibling(path.getFileName() + ".half");
                delete(half);
                maker.make(half);
                Files.move(half, path, StandardCopyOption.ATOMIC_MOVE);
            }
            return path;
        });
    }

    /** Does something that nobody else on this machine does at the same time under the same lock file. */
    static <T> T alone(Path lockFile, Task<T> task) throws IOException {
        return alone(lockFile, PATIENCE, task);
    }

    private static <T> T alone(Path lockFile, Duration patience, Task<T> task) throws IOException {
        // Closing any channel to a file frees all locks that a process has on it, so a process opens but one.
        synchronized (MONITORS.computeIfAbsent(lockFile.toAbsolutePath(), key -> new Object())) {
            try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = locked(channel, lockFile, patience)) {
                if (!lock.isValid()) {
                    throw new IOException("the lock file " + lockFile + " was closed by somebody else");
                }
                return task.run();
            }
        }
    }

    private static FileLock locked(FileChannel channel, Path lockFile, Duration patience) throws IOException {
        long start = System.nanoTime();
        while (true) {
            FileLock lock = attempt(channel);
            if (lock != null) {
                return lock;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while waiting for the lock file " + lockFile);
            }
            if (System.nanoTime() - start > patience.toNanos()) {
                throw new IsolationException(Explanation.couldNot("do what only one process at a time may do")
                        .expected("the lock file " + lockFile + " to become free within " + patience.toMillis() + " ms")
                        .found("that another process still holds it")
                        .next("end that process (fuser or lsof name it), or choose other places with "
                                + EmbeddedKeys.CACHE + " and " + EmbeddedKeys.DIRECTORY));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static @Nullable FileLock attempt(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            // Another class loader's copy of this class, in this JVM.
            return null;
        }
    }

    /** Deletes a directory with all it holds, if it is there; somebody else may be deleting it, or still writing to it. */
    static void delete(Path directory) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                deleteTree(directory);
                return;
            } catch (DirectoryNotEmptyException e) {
                if (attempt == DELETE_ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static void deleteTree(Path directory) throws IOException {
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.deleteIfExists(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                return unlessGone(failure);
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure) throws IOException {
                if (failure != null) {
                    unlessGone(failure);
                }
                Files.deleteIfExists(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static FileVisitResult unlessGone(IOException failure) throws IOException {
        if (failure instanceof NoSuchFileException) {
            return FileVisitResult.CONTINUE;
        }
        throw failure;
    }
}
