package dev.isolated.container;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a container writes, as far as it is kept, and the moment at which it can write no more. Thread-safe. */
final class Output {

    private final BoundedLog log;
    private final CompletableFuture<String> end = new CompletableFuture<>();

    Output(BoundedLog log) {
        this.log = log;
    }

    BoundedLog log() {
        return log;
    }

    void add(byte[] bytes) {
        try {
            log.write(bytes);
        } catch (IOException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "could not keep a container's output in " + log.file(), e);
        }
    }

    void end(String how) {
        end.complete(how);
    }

    /** How it ended; empty while it has not. */
    Optional<String> ended() {
        return Optional.ofNullable(end.getNow(null));
    }

    /** Whether it ends within a time. */
    boolean endsWithin(Duration limit) {
        try {
            end.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
