package dev.isolated.lease;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Removes what dead owners have left on a server that outlives them. An owner that has only lost its connection looks dead
 * until it has another, so what is found is removed when it is found again later. Looking for leftovers is what shows others that this
 * run lives. One thread at a time.
 */
final class Sweep implements Runnable {

    /** How often is looked, so that what a killed run had is gone within five seconds. */
    static final Duration PERIOD = Duration.ofSeconds(1);

    private static final Duration GRACE = Duration.ofSeconds(2);

    private final Slices<?> slices;
    private final Server server;
    private final LongSupplier nanoTime;
    private final Map<String, Long> seen = new HashMap<>();
    private boolean failing;

    Sweep(Slices<?> slices, Server server, LongSupplier nanoTime) {
        this.slices = slices;
        this.server = server;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void run() {
        try {
            List<Leftover> found = slices.leftovers();
            failing = false;
            long now = nanoTime.getAsLong();
            seen.keySet().retainAll(found.stream().map(Leftover::describe).toList());
            for (Leftover leftover : found) {
                long since = seen.computeIfAbsent(leftover.describe(), name -> now);
                if (now - since >= GRACE.toNanos()) {
                    remove(leftover);
                }
            }
        } catch (RuntimeException e) {
            // Once is enough: a server that is gone stays gone, and whoever uses it is told in full.
            Log.LOGGER.log(
                    failing ? System.Logger.Level.DEBUG : System.Logger.Level.WARNING,
                    "could not look for leftovers on " + server.describe(),
                    e);
            failing = true;
        }
    }

    private void remove(Leftover leftover) {
        try {
            leftover.remove();
            Log.LOGGER.log(System.Logger.Level.INFO, "removed {0} from {1}", leftover.describe(), server.describe());
        } catch (RuntimeException e) {
            // Another run may be removing it at this moment.
            Log.LOGGER.log(
                    System.Logger.Level.DEBUG,
                    "could not remove " + leftover.describe() + " from " + server.describe() + " yet",
                    e);
        }
    }
}
