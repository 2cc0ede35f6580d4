package dev.isolated.container;

import dev.isolated.error.IsolationException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Attempts at logging in to a server that may not listen yet, may not know its administrator yet, or may never answer: so
 * they are made on a thread of their own, which may be given up. Used once.
 */
final class Readiness<T> {

    private static final Duration PAUSE = Duration.ofMillis(50);

    private final Supplier<T> attempt;
    private final Supplier<Optional<String>> death;
    private final CompletableFuture<T> success = new CompletableFuture<>();
    private volatile String lastRefusal = "no answer at all";

    /** Attempts that fail with an {@link IsolationException} until the server is ready, or dead. */
    Readiness(Supplier<T> attempt, Supplier<Optional<String>> death) {
        this.attempt = attempt;
        this.death = death;
    }

    /** Why the server never became ready. */
    static final class NotReady extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean dead;

        private NotReady(String message, boolean dead) {
            super(message);
            this.dead = dead;
        }

        boolean dead() {
            return dead;
        }
    }

    /** What the first attempt that succeeds returns. */
    T within(Duration limit) throws NotReady {
        var thread = new Thread(this::attempts, "isolated-container-ready");
        thread.setDaemon(true);
        thread.start();
        try {
            return success.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new NotReady(lastRefusal, false);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof NotReady reason ? reason : new NotReady(String.valueOf(e.getCause()), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotReady("that the waiting thread was interrupted", false);
        } finally {
            success.cancel(false);
        }
    }

    private void attempts() {
        try {
            while (!success.isDone()) {
                Optional<String> dead = death.get();
                if (dead.isPresent()) {
                    success.completeExceptionally(new NotReady(dead.get(), true));
                } else if (!attempted()) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        } catch (RuntimeException | Error e) {
            success.completeExceptionally(e);
        }
    }

    private boolean attempted() {
        try {
            return success.complete(attempt.get());
        } catch (IsolationException e) {
            lastRefusal = String.valueOf(e.getMessage());
            return false;
        }
    }
}
