package dev.isolated.benchmarks;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * What a child process tells its parent: at which time, by the clock both share, it got where. Nothing in a process that
 * did not {@link #begin}. Thread-safe.
 */
final class Marks {

    static final String MAIN = "main";
    static final String SERVER_READY = "server-ready";
    static final String FIRST_ROW = "first-row";
    static final String PLAN = "plan";
    static final String FIRST_CALLBACK = "first-callback";
    static final String TEST_OVER = "test-over";
    static final String LAST_CALLBACK = "last-callback";

    private static final String PREFIX = "MARK ";

    private static volatile boolean wanted;

    private Marks() {}

    static void begin() {
        wanted = true;
        mark(MAIN);
    }

    static void mark(String name) {
        if (wanted) {
            System.out.println(PREFIX + name + " " + micros(Instant.now()));
        }
    }

    /** Milliseconds from {@code start} to the mark of that name in a child's output. */
    static double millis(String output, String name, Instant start) {
        return output.lines()
                .filter(line -> line.startsWith(PREFIX + name + " "))
                .mapToDouble(line -> (Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)) - micros(start)) / 1e3)
                .findFirst()
                .orElseThrow(() -> new BenchmarkFailure("no mark " + name + " in the child's output: " + output));
    }

    private static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
