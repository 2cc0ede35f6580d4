package dev.isolated.clickhouse;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for what a server does by itself in one database. Used by one thread. */
final class Settling {

    private static final Duration PAUSE = Duration.ofMillis(5);
    private static final String OUTSTANDING =
            "SELECT 'mutation of ' || table || ': ' || command || if(latest_fail_reason = '', '', ', which fails: ' || latest_fail_reason)"
                    + " FROM system.mutations WHERE database = currentDatabase() AND NOT is_done"
                    + " UNION ALL SELECT 'merge of ' || table FROM system.merges WHERE database = currentDatabase()";

    private final HttpLine line;

    Settling(HttpLine line) {
        this.line = line;
    }

    void await(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        ask("SYSTEM FLUSH ASYNC INSERT QUEUE", limit);
        for (String outstanding = ask(OUTSTANDING, limit);
                !outstanding.isEmpty();
                outstanding = ask(OUTSTANDING, limit)) {
            if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
                throw new IsolationException(
                        Explanation.couldNot("wait for ClickHouse database " + line.database() + " to settle")
                                .expected("mutations, merges and inserts to be done within " + limit.toMillis() + " ms")
                                .found(String.join("; ", outstanding.lines().toList()))
                                .next("wait longer, or see why these do not end"));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private String ask(String sql, Duration limit) {
        try {
            return line.ask(sql, Math.toIntExact(Math.max(1, limit.toMillis())));
        } catch (IOException e) {
            throw new IsolationException(
                    Explanation.couldNot("ask what ClickHouse database " + line.database() + " is busy with")
                            .found(e.toString())
                            .next("see whether the server is up"),
                    e);
        }
    }
}
