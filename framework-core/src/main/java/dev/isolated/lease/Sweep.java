package dev.isolated.lease;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Removes what dead owners have left on a server that outlives them. An owner whose connection was cut looks dead until it
 * has another, so what is found is removed only if it is still there some time later. Looking also shows others that this
 * owner lives. What cannot be removed is tried again, and told once. Runs on one thread at a time; any may stop it.
 */
final class Sweep implements Runnable {

    /** Often enough for what a killed run had to be gone within five seconds. */
    static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Slices<?> slices;
    private final Server server;
    private final LongSupplier nanoTime;
    private final Map<String, Long> seen = new HashMap<>();
    private final Set<String> told = new HashSet<>();
    private volatile boolean stopped;

    Sweep(Slices<?> slices, Server server, LongSupplier nanoTime) {
        this.slices = slices;
        this.server = server;
        this.nanoTime = nanoTime;
    }

    /** Begins no removal any more; one that is under way ends. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        if (stopped) {
            return;
        }
        try {
            List<Leftover> found = slices.leftovers();
            told.remove(server.describe());
            seen.keySet().retainAll(found.stream().map(Leftover::describe).toList());
            found.stream().filter(this::seenForLong).forEach(this::remove);
        } catch (RuntimeException e) {
            tell(server.describe(), "could not look for leftovers on " + server.describe(), e);
        }
    }

    private boolean seenForLong(Leftover leftover) {
        long now = nanoTime.getAsLong();
        return now - seen.computeIfAbsent(leftover.describe(), name -> now) >= GRACE.toNanos();
    }

    private void remove(Leftover leftover) {
        if (stopped) {
            return;
        }
        try {
            if (leftover.remove()) {
                Log.LOGGER.log(
                        System.Logger.Level.INFO, "removed {0} from {1}", leftover.describe(), server.describe());
            }
        } catch (RuntimeException e) {
            tell(leftover.describe(), "could not remove " + leftover.describe() + " from " + server.describe(), e);
        }
    }

    /** It would be the same every time until somebody mends it. */
    private void tell(String what, String message, RuntimeException failure) {
        Log.LOGGER.log(told.add(what) ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG, message, failure);
    }
}
