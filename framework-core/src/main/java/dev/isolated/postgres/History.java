package dev.isolated.postgres;

import dev.isolated.spi.Evidence;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The last statements of a test, with what became of them. Thread-safe. Every statement passes here, so it is noted by
 * reference and put into words only when somebody asks.
 */
final class History {

    private static final int KEPT = 50;
    private static final int MOST = 300;
    private static final String SUCCESS = "ok";
    private static final String SKIPPED = "not run";

    private static final class Entry {

        final int connection;
        final String sql;
        final long begun = System.nanoTime();
        long ended;

        @Nullable String outcome;

        Entry(int connection, String sql) {
            this.connection = connection;
            this.sql = sql;
        }

        void end(String with) {
            ended = System.nanoTime();
            outcome = with;
        }
    }

    private final long start = System.nanoTime();
    private final Deque<Entry> kept = new ArrayDeque<>();
    private final Deque<Entry> unanswered = new ArrayDeque<>();

    /** A statement is about to be sent. */
    synchronized void begun(int connection, String sql) {
        var entry = new Entry(connection, sql);
        if (kept.size() == KEPT) {
            kept.removeFirst();
        }
        kept.addLast(entry);
        unanswered.addLast(entry);
    }

    /** The oldest statement without an answer has succeeded. */
    synchronized void succeeded() {
        Entry first = unanswered.pollFirst();
        if (first != null) {
            first.end(SUCCESS);
        }
    }

    /** The oldest statement without an answer has failed; those that were sent with it are skipped. */
    synchronized void failed(String error) {
        String outcome = error;
        for (Entry entry = unanswered.pollFirst(); entry != null; entry = unanswered.pollFirst()) {
            entry.end(outcome);
            outcome = SKIPPED;
        }
    }

    /** No answer will come any more to what has none yet. */
    synchronized void settled() {
        unanswered.clear();
    }

    /** The latest statement of a connection, without passwords; empty where it has none among those that are kept. */
    synchronized String latest(int connection) {
        String latest = "";
        for (Entry entry : kept) {
            latest = entry.connection == connection ? entry.sql : latest;
        }
        return shown(latest);
    }

    /** A statement in one line of bounded length, without passwords. */
    static String shown(String sql) {
        return new Evidence("", sql.isEmpty() ? sql : words(sql)).text();
    }

    /** One line for each statement, the newest last. */
    synchronized String text() {
        return kept.stream().map(this::line).collect(Collectors.joining("\n"));
    }

    private String line(Entry entry) {
        String outcome = entry.outcome == null
                ? "no answer"
                : entry.outcome + " after " + micros(entry.ended - entry.begun) + " µs";
        return "+" + TimeUnit.NANOSECONDS.toMillis(entry.begun - start) + " ms  connection " + entry.connection + "  "
                + words(entry.sql) + "  -- " + outcome;
    }

    private static String words(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        String cut = line.length() > MOST ? line.substring(0, MOST) + "..." : line;
        return cut.isEmpty() ? "(empty)" : cut;
    }

    private static long micros(long nanos) {
        return TimeUnit.NANOSECONDS.toMicros(nanos);
    }
}
