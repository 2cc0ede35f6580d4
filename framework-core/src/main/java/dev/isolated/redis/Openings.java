package dev.isolated.redis;

import dev.isolated.spi.Origin;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The connections that a test has opened with one client and not closed, and where in its code that was. Thread-safe.
 *
 * @param <C> what the driver has for each
 */
final class Openings<C> {

    private final Map<C, Origin> made = new ConcurrentHashMap<>();
    private final Predicate<C> closed;

    Openings(Predicate<C> closed) {
        this.closed = closed;
    }

    void note(C connection, Origin origin) {
        made.keySet().removeIf(closed);
        made.put(connection, origin);
    }

    /** Those that nobody has closed. */
    Stream<C> open() {
        return made.keySet().stream().filter(closed.negate());
    }

    /** Where those were opened. */
    List<Origin> origins() {
        return open().flatMap(it -> Stream.ofNullable(made.get(it))).toList();
    }
}
