package dev.isolated.clickhouse;

import java.time.Duration;

/** Until when something may take that is done in several requests. Immutable. */
record Deadline(long end) {

    /** A server that answers at all does so within this. */
    private static final Duration LEAST = Duration.ofSeconds(1);

    static Deadline in(Duration limit) {
        return new Deadline(System.nanoTime() + limit.toNanos());
    }

    boolean over() {
        return end - System.nanoTime() <= 0;
    }

    /** How long a request may take; the last one has the time for an answer, too. */
    Duration left() {
        long nanos = end - System.nanoTime();
        return nanos > LEAST.toNanos() ? Duration.ofNanos(nanos) : LEAST;
    }
}
