package dev.isolated.spi;

/**
 * The part of a server that one test may see. The pool calls it from one thread at a time; handles are used from any.
 *
 * @param <H> the handle that a test receives
 */
public interface Slice<H> {

    /** A new handle for a new tenant, without a round trip to the server. */
    H handOut(Tenant tenant);

    /**
     * Cuts off every client of the last handle and begins to undo everything that was done to the slice. What the tenant
     * left open is {@linkplain Tenant#report reported}. A slice whose reset fails is destroyed and never handed out again.
     */
    void reset();

    /**
     * Waits until what {@link #reset()} has begun is done; called before the slice is handed out again. Where nothing is
     * left to wait for, or the answer has arrived in the meantime, it costs nothing.
     */
    void awaitReset();

    /** Removes the slice from the server, whatever state it is in. */
    void destroy();

    /** Names the slice in messages, without secrets. */
    String describe();
}
