package dev.isolated.lease;

import dev.isolated.spi.Leftover;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;

/** Removes what dead owners have left on a server that outlives them. Whatever cannot be removed is left for the next. */
record Sweep(Slices<?> slices, Server server) implements Runnable {

    @Override
    public void run() {
        try {
            slices.leftovers().forEach(this::remove);
        } catch (RuntimeException e) {
            Log.LOGGER.log(System.Logger.Level.WARNING, "could not look for leftovers on " + server.describe(), e);
        }
    }

    private void remove(Leftover leftover) {
        try {
            leftover.remove();
            Log.LOGGER.log(System.Logger.Level.INFO, "removed {0} from {1}", leftover.describe(), server.describe());
        } catch (RuntimeException e) {
            Log.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "could not remove " + leftover.describe() + " from " + server.describe(),
                    e);
        }
    }
}
