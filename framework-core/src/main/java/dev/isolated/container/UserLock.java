package dev.isolated.container;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A lock that one thread of all of a user's JVMs holds; its death frees it. */
final class UserLock implements AutoCloseable {

    private static final Duration PAUSE = Duration.ofMillis(20);
    /** This JVM's threads one at a time: closing any channel to a file frees all locks that a process has on it. */
    private static final Map<Path, Semaphore> OWN = new ConcurrentHashMap<>();

    private final Semaphore turn;
    private final FileChannel channel;

    private UserLock(Semaphore turn, FileChannel channel) {
        this.turn = turn;
        this.channel = channel;
    }

    static UserLock on(Path file, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        var turn = OWN.computeIfAbsent(file.toAbsolutePath(), path -> new Semaphore(1));
        awaitTurn(turn, file, patience);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            awaitLock(channel, file, end);
            return new UserLock(turn, channel);
        } catch (IOException e) {
            if (channel != null) {
                channel.close();
            }
            turn.release();
            throw e;
        }
    }

    private static void awaitTurn(Semaphore turn, Path file, Duration patience) throws IOException {
        try {
            if (!turn.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                throw stillHeld(file);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the lock file " + file, e);
        }
    }

    private static void awaitLock(FileChannel channel, Path file, long end) throws IOException {
        while (attempt(channel) == null) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while waiting for the lock file " + file);
            }
            if (System.nanoTime() > end) {
                throw stillHeld(file);
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

    private static IOException stillHeld(Path file) {
        return new IOException("somebody still holds the lock file " + file);
    }

    @Override
    public void close() throws IOException {
        try {
            channel.close();
        } finally {
            turn.release();
        }
    }
}
