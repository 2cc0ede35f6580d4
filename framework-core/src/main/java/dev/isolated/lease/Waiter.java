package dev.isolated.lease;

import dev.isolated.error.IsolationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Somebody who waits for a slice, and what becomes of that: a slot, a failure, or neither in time. Thread-safe. */
final class Waiter<H> {

    private final CompletableFuture<Slot<H>> outcome = new CompletableFuture<>();

    void give(Slot<H> slot) {
        outcome.complete(slot);
    }

    /** The pool is closed; {@link #await} ends with a {@link java.util.concurrent.CancellationException}. */
    void close() {
        outcome.cancel(false);
    }

    void fail(IsolationException reason) {
        outcome.completeExceptionally(reason);
    }

    /** The slot, or null when the time is over; the reason, wrapped, where there will be none. */
    @Nullable Slot<H> await(long nanos) throws InterruptedException, ExecutionException {
        try {
            return outcome.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        }
    }

    /** The slot that arrived after the waiter had given up, if one did. */
    @Nullable Slot<H> late() {
        return outcome.isDone() && !outcome.isCompletedExceptionally() ? outcome.join() : null;
    }
}
