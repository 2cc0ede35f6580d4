package dev.isolated.redis;

import dev.isolated.settings.Secret;
import io.lettuce.core.protocol.AsyncCommand;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The reset of a slice that has been sent and not been answered yet. Immutable.
 *
 * @param emptied whether the last answer is the administrator's who emptied the database
 */
record DatabaseReset(RedisAdmin admin, List<AsyncCommand<String, String, List<Object>>> flight, boolean emptied) {

    /** What has become of it. */
    enum Outcome {
        DONE,
        /** Somebody's script keeps the server from everything else. */
        BUSY,
        /** The number is another's. */
        NOT_OURS
    }

    /** Empties the database after a test that knows no other way into it than the kept connection. */
    static DatabaseReset quick(RedisAdmin admin, KeptConnection kept) {
        return new DatabaseReset(admin, List.of(kept.empty()), false);
    }

    /**
     * Cuts off whatever leads into the database. In this order: nobody gets in any more, nobody is in any more, nothing is in
     * any more. What was sent over the kept connection ends with a command of its own there, or with that connection.
     */
    static DatabaseReset thorough(
            Users users, Registry registry, Place place, Secret password, @Nullable KeptConnection kept) {
        var flight = new ArrayList<AsyncCommand<String, String, List<Object>>>();
        var lines = new ArrayList<List<String>>();
        lines.add(users.making(place, password));
        lines.add(users.cuttingOff(place.user()));
        if (kept == null) {
            lines.add(users.cuttingOff(place.keeper()));
        } else {
            flight.add(kept.empty());
        }
        lines.add(registry.emptying(place));
        flight.addAll(users.admin().send(lines));
        return new DatabaseReset(users.admin(), flight, true);
    }

    /** Waits for the answers; fails where the server refuses. */
    Outcome await(String slice, String last) {
        List<Reply> replies = admin.await("reset " + slice, flight);
        if (replies.stream().anyMatch(Reply::busy)) {
            return Outcome.BUSY;
        }
        replies.forEach(Reply::require);
        long strays = emptied ? replies.get(replies.size() - 1).number() : 0;
        if (strays > 0) {
            Log.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0} keys were in database 0 when {1} ended: a client that selects no database is there, where every"
                            + " other such client is too; give it the number that Redis.database() says",
                    strays,
                    last);
        }
        return strays < 0 ? Outcome.NOT_OURS : Outcome.DONE;
    }
}
