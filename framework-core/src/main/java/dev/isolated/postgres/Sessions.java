package dev.isolated.postgres;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Ends what a test has left connected, and tells of what nobody has told of yet. */
final class Sessions {

    private static final int LOOKS = 10;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(3);

    private Sessions() {}

    /** Ends all sessions that meet an SQL condition; {@code ended} has reported those that were opened there. */
    static void end(PostgresAdmin admin, String condition, DirectConnections ended, String where) {
        Predicate<String> foreign = session -> !ended.opened(Integer.parseInt(session.split(" ", 2)[0]));
        List<String> found = find(admin, condition, "");
        // One that was closed just now is still there for a moment.
        for (int i = 0; i < LOOKS && found.stream().anyMatch(foreign); i++) {
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            found = find(admin, condition, "");
        }
        if (found.isEmpty()) {
            return;
        }
        List<String> unknown = find(admin, condition, ", pg_terminate_backend(pid, 5000)").stream()
                .filter(foreign)
                .toList();
        if (!unknown.isEmpty()) {
            Log.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0} has left sessions open in {1}, which were ended: backend {2}",
                    ended.tenant().name(),
                    where,
                    String.join("; backend ", unknown));
        }
    }

    private static List<String> find(PostgresAdmin admin, String condition, String more) {
        return admin.query("SELECT format('%s (%s, %s): %s', pid, coalesce(nullif(application_name, ''), 'unnamed'),"
                + " coalesce(state, 'unknown'), left(query, 200))" + more + " FROM pg_stat_activity"
                + " WHERE usesysid IS NOT NULL AND " + condition);
    }
}
