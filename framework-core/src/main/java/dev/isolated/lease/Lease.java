package dev.isolated.lease;

import dev.isolated.spi.Tenant;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One tenant's exclusive hold of a slice, until it is closed. Thread-safe.
 *
 * @param <H> the handle
 */
public final class Lease<H> implements AutoCloseable {

    private final Pool<H> pool;
    private final Slot<H> slot;
    private final long generation;
    private final Tenant tenant;
    private final H handle;
    private final long since;
    private final Thread taker = Thread.currentThread();
    private final Throwable taken;

    Lease(Pool<H> pool, Slot<H> slot, String holder, long since) {
        this.pool = pool;
        this.slot = slot;
        this.since = since;
        generation = slot.life().generation();
        taken = new TakenHere(holder);
        tenant = new Tenant(holder);
        handle = slot.slice().handOut(tenant);
    }

    /** What the test works with. */
    public H handle() {
        return handle;
    }

    /** The name of the test that holds it. */
    public String holder() {
        return tenant.name();
    }

    /** What the test left open, known after {@link #close()}. */
    public List<String> findings() {
        return tenant.findings();
    }

    /** Where it was taken. */
    public Throwable taken() {
        return taken;
    }

    /** Ends the lease: the handle is dead, the slice is reset and goes back. Closing it again does nothing. */
    @Override
    public void close() {
        if (slot.life().move(generation, LeaseState.LEASED, LeaseState.DIRTY)) {
            tenant.end();
            pool.takeBack(this);
        }
    }

    /** Whether nobody has closed it. */
    boolean isOpen() {
        return !tenant.ended();
    }

    Slot<H> slot() {
        return slot;
    }

    long generation() {
        return generation;
    }

    Duration heldAt(long now) {
        return Duration.ofNanos(now - since);
    }

    /** Names the holder for a message; a waiter learns here that it waits for its own thread. */
    String describe(long now, @Nullable Thread waiter) {
        String thread = taker == waiter ? "this very thread" : "thread " + taker.getName();
        return holder() + " for " + heldAt(now).toMillis() + " ms (" + thread + ", "
                + slot.slice().describe() + ")";
    }

    @Override
    public String toString() {
        return holder() + " holds " + slot.slice().describe();
    }
}
