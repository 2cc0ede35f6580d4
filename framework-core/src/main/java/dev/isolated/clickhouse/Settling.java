package dev.isolated.clickhouse;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Waits for what a server does by itself to the tables of one test; asked as the administrator, for a test's user may not see
 * it everywhere. Used by one thread.
 */
final class Settling {

    private static final Duration PAUSE = Duration.ofMillis(5);

    private final ClickHouseAdmin admin;
    private final Place place;
    private final String question;

    Settling(ClickHouseAdmin admin, Place place) {
        this.admin = admin;
        this.place = place;
        String ours = " WHERE database = " + Quoted.text(place.database()) + " AND startsWith(table, "
                + Quoted.text(place.prefix()) + ")";
        question = "SELECT 'mutation of ' || table || ': ' || command"
                + " || if(latest_fail_reason = '', '', ', which fails: ' || latest_fail_reason) FROM system.mutations"
                + ours + " AND NOT is_done UNION ALL SELECT 'merge of ' || table FROM system.merges" + ours;
    }

    void await(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        admin.run("have asynchronous inserts done", "SYSTEM FLUSH ASYNC INSERT QUEUE");
        for (List<String> left = outstanding(); !left.isEmpty(); left = outstanding()) {
            boolean interrupted = Thread.currentThread().isInterrupted();
            if (interrupted || System.nanoTime() - end > 0) {
                throw new IsolationException(Explanation.couldNot("wait for " + place.describe() + " to settle")
                        .expected("mutations, merges and inserts to be done within " + limit.toMillis() + " ms")
                        .found(String.join("; ", left) + (interrupted ? "; and an interrupt" : ""))
                        .next("wait longer, or see why these do not end"));
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private List<String> outstanding() {
        return admin.rows("see what " + place.describe() + " is busy with", question);
    }
}
