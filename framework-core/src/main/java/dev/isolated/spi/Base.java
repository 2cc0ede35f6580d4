package dev.isolated.spi;

import java.util.List;

/**
 * A state that tests start from, made by code of the user's: prepared once and then copied for each test that asks for it, or,
 * where a server copies nothing, prepared for each by the same object, for several at the same time.
 * Has a constructor without parameters.
 *
 * @param <H> the handle of the service whose state it is
 */
public interface Base<H> {

    /** Makes it, on what {@link #upon()} names. */
    void prepare(H handle) throws Exception;

    /** The bases that it extends, in the order in which they are prepared. */
    default List<Class<? extends Base<H>>> upon() {
        return List.of();
    }

    /**
     * Something that changes whenever the state would become another one for a reason that is not in the code of this
     * class, such as the content of a file that it reads.
     */
    default String version() {
        return "";
    }
}
