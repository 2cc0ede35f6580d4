package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** A server that does nothing but run a script, which holds up every test there, whoever has begun it. Stateless. */
final class Busy {

    /** How long a script may keep the server from everything else before it is stopped. */
    private static final Duration SCRIPT = Duration.ofSeconds(5);

    /** How long the server may go on being busy: with the scripts of others. */
    private static final Duration ALL = Duration.ofSeconds(15);

    private static final Duration PAUSE = Duration.ofMillis(50);

    private Busy() {}

    /** Tries something again until the server is no longer busy with the same script, or with others' for too long. */
    static DatabaseReset.Outcome outlast(RedisAdmin admin, Supplier<DatabaseReset.Outcome> attempt) {
        long start = System.nanoTime();
        boolean stopped = false;
        while (true) {
            LockSupport.parkNanos(PAUSE.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw inVain(admin, "that the thread that waited for that was interrupted");
            }
            DatabaseReset.Outcome outcome = attempt.get();
            long spent = System.nanoTime() - start;
            if (outcome != DatabaseReset.Outcome.BUSY) {
                return outcome;
            }
            if (spent > ALL.toNanos()) {
                throw inVain(admin, "that it is still busy; a script that has written cannot be stopped");
            }
            if (!stopped && spent > SCRIPT.toNanos()) {
                stopped = true;
                stop(admin);
            }
        }
    }

    private static IsolationException inVain(RedisAdmin admin, String found) {
        return new IsolationException(
                Explanation.couldNot("reset a database of " + admin.server().describe())
                        .expected("its scripts to leave it time for something else within " + ALL.toSeconds() + " s")
                        .found(found)
                        .next("find the tests that run long scripts, and give them @Isolated(mode = \""
                                + RedisService.SERVER + "\")"));
    }

    private static void stop(RedisAdmin admin) {
        Reply kill = admin.ask("stop the script that keeps " + admin.server().describe() + " busy", "SCRIPT", "KILL");
        if (!kill.message().startsWith("NOTBUSY") && !kill.message().startsWith("UNKILLABLE")) {
            kill.require();
        }
    }
}
