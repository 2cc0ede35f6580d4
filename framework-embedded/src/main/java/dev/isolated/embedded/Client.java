package dev.isolated.embedded;

import dev.isolated.spi.Hold;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * This JVM as one that uses a host's server. The host knows it by a FIFO that stays open until it leaves or dies; it
 * learns of the server's end from another. Thread-safe.
 */
final class Client implements Hold {

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    /** After how long a silent host is looked for among the processes, which takes longer than hosts usually take to answer. */
    private static final Duration DOUBT = Duration.ofMillis(100);

    private static final Duration PAUSE = Duration.ofMillis(1);

    private final String name = ProcessHandle.current().pid() + "." + COUNT.incrementAndGet();
    private final HostDirectory directory;
    private final ServerLog log;
    private final FileChannel clients;
    private final FileChannel alive;
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile Optional<String> death = Optional.empty();

    private Client(HostDirectory directory, ServerLog log) throws IOException {
        this.directory = directory;
        this.log = log;
        clients = open(directory.clients(), StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            alive = openToRead(directory.alive());
        } catch (IOException e) {
            clients.close();
            throw e;
        }
    }

    /** Announces this JVM; it is one of the host's clients once that has {@linkplain #awaitWelcome taken note}. */
    static Client announced(HostDirectory directory, ServerLog log) throws IOException {
        var client = new Client(directory, log);
        client.say("join");
        return client;
    }

    /** Waits until the host has taken note; false where there is no host any more, and nothing is joined then. */
    boolean awaitWelcome() throws IOException {
        long start = System.nanoTime();
        long doubt = start + DOUBT.toNanos();
        while (!Files.exists(directory.joined(name))) {
            long now = System.nanoTime();
            boolean doubtful = now > doubt;
            if (!directory.published() || now - start > PATIENCE.toNanos() || (doubtful && directory.abandoned())) {
                close();
                return false;
            }
            doubt = doubtful ? now + DOUBT.toNanos() : doubt;
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        var watch = new Thread(this::watch, "isolated-server-watch");
        watch.setDaemon(true);
        watch.start();
        return true;
    }

    @Override
    public Optional<String> death() {
        return death;
    }

    @Override
    public Optional<Path> log() {
        return Optional.of(log.file());
    }

    @Override
    public void release() {
        try {
            if (!left.get()) {
                say("leave");
            }
            close();
        } catch (IOException e) {
            Log.LOGGER.log(
                    System.Logger.Level.WARNING, "the host in {0} could not be told good-bye: {1}", directory, e);
        }
    }

    /** Goes without a word, as if killed: what is on the server is not to be trusted. */
    void desert() throws IOException {
        close();
    }

    private void close() throws IOException {
        if (!left.getAndSet(true)) {
            try (clients) {
                alive.close();
            }
        }
    }

    private void say(String word) throws IOException {
        clients.write(ByteBuffer.wrap((word + " " + name + "\n").getBytes(StandardCharsets.US_ASCII)));
    }

    /** Nothing is ever written there; reading ends with the last process that has it open. */
    private void watch() {
        String found;
        try {
            found = alive.read(ByteBuffer.allocate(1)) < 0
                    ? "its processes have ended"
                    : "it speaks where it should not";
        } catch (IOException e) {
            found = "watching it failed: " + e;
        }
        if (!left.get()) {
            death = Optional.of(found + "; its last words: " + log.lastWords());
        }
    }

    /** Opening a FIFO only to read waits for somebody who writes, so it is opened for both before. */
    private static FileChannel openToRead(Path fifo) throws IOException {
        FileChannel both = open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            return open(fifo, StandardOpenOption.READ);
        } finally {
            both.close();
        }
    }

    private static FileChannel open(Path fifo, StandardOpenOption... options) throws IOException {
        return FileChannel.open(fifo, options);
    }
}
