package dev.isolated.lease;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Removes what dead owners have left on a server that outlives them. Whatever cannot be removed is left for the next time,
 * and told once. Runs on one thread at a time; any may stop it.
 */
final class Sweep implements Runnable {

    private final Slices<?> slices;
    private final Server server;
    private final Set<String> told = new HashSet<>();
    private volatile boolean stopped;

    Sweep(Slices<?> slices, Server server) {
        this.slices = slices;
        this.server = server;
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
            found.forEach(this::remove);
        } catch (RuntimeException e) {
            tell(server.describe(), "could not look for leftovers on " + server.describe(), e);
        }
    }

    private void remove(Leftover leftover) {
        if (stopped) {
            return;
        }
        try {
            leftover.remove();
            Log.LOGGER.log(System.Logger.Level.INFO, "removed {0} from {1}", leftover.describe(), server.describe());
        } catch (RuntimeException e) {
            tell(leftover.describe(), "could not remove " + leftover.describe() + " from " + server.describe(), e);
        }
    }

    /** It would be the same every time until somebody mends it. */
    private void tell(String what, String message, RuntimeException failure) {
        Log.LOGGER.log(told.add(what) ? System.Logger.Level.WARNING : System.Logger.Level.DEBUG, message, failure);
    }
}
