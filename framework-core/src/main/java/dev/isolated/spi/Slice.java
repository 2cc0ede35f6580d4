package dev.isolated.spi;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

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

    /**
     * What can be told of the tenant's doings, for a test that has failed: asked before the reset, while the handle is alive
     * and may be in use. What cannot be had is said so in its place.
     */
    default List<Evidence> evidence() {
        return List.of();
    }

    /** Tells which lines of the server's log are about this slice; empty where that cannot be told. */
    default Optional<Predicate<String>> ownLogLines() {
        return Optional.empty();
    }

    /**
     * Has the slice stay as it is after its lease, for somebody to look at: in place of {@link #reset()} it will be
     * {@linkplain #leave() left}. Says how to get at it and until when; empty where it is not to be kept.
     */
    default Optional<String> keep() {
        return Optional.empty();
    }

    /** Cuts off every client of the last handle of a slice that is {@linkplain #keep() kept}, and lets go of it. */
    default void leave() {
        throw new UnsupportedOperationException(describe() + " is never kept");
    }

    /** Makes what is there now the state that {@link #rewind()} goes back to; fails where that cannot be done. */
    default void mark() {
        throw new SettingsException(Explanation.couldNot("rewind " + describe() + " after each test")
                .expected("a service that can go back to what was prepared")
                .found("one that cannot")
                .next("prepare the data in @BeforeEach, in an environment for each test"));
    }

    /**
     * Undoes everything since {@link #mark()}; handles and connections from before stay usable.
     *
     * @return what was left open and had to be ended, for the test that did it to be told
     */
    default List<String> rewind() {
        throw new IllegalStateException(describe() + " was not marked");
    }

    /** Removes the slice from the server, whatever state it is in. */
    void destroy();

    /** Names the slice in messages, without secrets. */
    String describe();
}
