package dev.isolated.spi;

import java.util.List;

/** The slices of one server. Thread-safe. */
public interface Slices<H> extends AutoCloseable {

    /** How many slices may exist at the same time. */
    int capacity();

    /**
     * Makes a slice; {@code number} is unique within the run. May take its time: it is called ahead of the tests. It does not
     * wait for others to give up what they have.
     *
     * @throws dev.isolated.error.NoRoomException where these have all that there is; it is called again as long as a test waits
     */
    Slice<H> create(int number);

    /**
     * Whether a reset, once begun, is over so soon that its end is awaited when the slice is handed out again. Others end
     * in the background, and the slice is ready when they have.
     */
    default boolean resetsQuickly() {
        return false;
    }

    /**
     * What owners that no longer live have left on this server, in the order in which it can be removed; never what belongs
     * to a live one, but for what this one could not destroy. A leftover's description names the run that it belonged to.
     */
    List<Leftover> leftovers();

    /** Disconnects, after all slices were destroyed. */
    @Override
    void close();
}
