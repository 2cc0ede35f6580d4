package dev.isolated.clickhouse;

import dev.isolated.clickhouse.HttpLine.RefusedException;
import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
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
    private final Duration limit;
    private final Deadline deadline;
    private final String question;
    private final String inserts;

    Settling(ClickHouseAdmin admin, Place place, Duration limit) {
        this.admin = admin;
        this.place = place;
        this.limit = limit;
        deadline = Deadline.in(limit);
        String ours = " WHERE database = " + Quoted.text(place.database())
                + (place.prefix().isEmpty() ? "" : " AND " + belongs(place));
        question = "SELECT 'mutation of ' || table || ': ' || command"
                + " || if(latest_fail_reason = '', '', ', which fails: ' || latest_fail_reason) FROM system.mutations"
                + ours + " AND NOT is_done UNION ALL SELECT 'merge of ' || table FROM system.merges" + ours
                + " AND NOT is_mutation";
        inserts = "SELECT 'asynchronous inserts into ' || table FROM system.asynchronous_inserts" + ours;
    }

    /** A view's own table has the view's name or its number; newer servers tell which one it is, where they tell no numbers. */
    private static String belongs(Place place) {
        return "table IN (SELECT arrayJoin([name, '.inner.' || name, '.inner_id.' || toString(uuid),"
                + " COLUMNS('^target_table$')]) FROM system.tables WHERE database = " + Quoted.text(place.database())
                + " AND startsWith(name, " + Quoted.text(place.prefix()) + "))";
    }

    void await() {
        try {
            boolean flushed = flush();
            for (List<String> left = outstanding(flushed); !left.isEmpty(); left = outstanding(flushed)) {
                boolean interrupted = Thread.currentThread().isInterrupted();
                if (interrupted || deadline.over()) {
                    throw new IsolationException(
                            late(String.join("; ", left) + (interrupted ? "; and an interrupt" : "")));
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        } catch (IsolationException e) {
            throw e.getCause() instanceof SocketTimeoutException
                    ? new IsolationException(
                            late("no answer from " + admin.server().describe()), e)
                    : e;
        }
    }

    /** Has asynchronous inserts done, where that is allowed; elsewhere the server does them in its own time. */
    private boolean flush() {
        try {
            var unused =
                    admin.ask("have asynchronous inserts done", "SYSTEM FLUSH ASYNC INSERT QUEUE", deadline.left());
            return true;
        } catch (IsolationException e) {
            if (!RefusedException.refused(e, RefusedException.DENIED)) {
                throw e;
            }
            Log.LOGGER.log(System.Logger.Level.DEBUG, "asynchronous inserts are waited for only: {0}", e.getMessage());
            return false;
        }
    }

    private List<String> outstanding(boolean flushed) {
        var left = new ArrayList<>(asked(question));
        if (!flushed) {
            left.addAll(pending());
        }
        return left;
    }

    /** Nothing where nobody may know. */
    private List<String> pending() {
        try {
            return asked(inserts);
        } catch (IsolationException e) {
            if (!RefusedException.refused(e, RefusedException.DENIED)) {
                throw e;
            }
            return List.of();
        }
    }

    private List<String> asked(String sql) {
        return admin.ask("see what " + place.describe() + " is busy with", sql, deadline.left())
                .lines()
                .toList();
    }

    private Explanation late(String found) {
        return Explanation.couldNot("wait for " + place.describe() + " to settle")
                .expected("mutations, merges and inserts to be done within " + limit.toMillis() + " ms")
                .found(found)
                .next("wait longer, or see why these do not end");
    }
}
