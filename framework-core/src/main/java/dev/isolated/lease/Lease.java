package dev.isolated.lease;

import dev.isolated.spi.Evidence;
import dev.isolated.spi.Tenant;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    private final Optional<LogWindow> log;
    private volatile boolean kept;

    Lease(Pool<H> pool, Slot<H> slot, String holder, long since) {
        this.pool = pool;
        log = pool.forensics().openLog();
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

    /** What can be told of what the test has done, where it has failed. */
    public List<Evidence> evidence() {
        return isOpen() ? pool.forensics().evidence(slot.slice(), log) : List.of();
    }

    /** Has the slice stay as it is when the lease ends, if it can; says how to get at it. */
    public Optional<String> keep() {
        Optional<String> access = slot.slice().keep();
        kept = access.isPresent();
        return access;
    }

    /** Makes what is there now the state that {@link #rewind()} goes back to. */
    public void mark() {
        slot.slice().mark();
    }

    /** Undoes everything since {@link #mark()}; what was left open is returned. */
    public List<String> rewind() {
        return slot.slice().rewind();
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

    boolean kept() {
        return kept;
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
