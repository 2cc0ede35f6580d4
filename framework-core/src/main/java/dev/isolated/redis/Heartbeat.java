package dev.isolated.redis;

import dev.isolated.spi.Server;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows regularly that a run lives; on a thread of its own, for it waits while a server does not answer. Thread-safe. */
final class Heartbeat {

    private final Server server;
    private final Runnable sign;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "isolated-redis-heartbeat");
        daemon.setDaemon(true);
        return daemon;
    });

    /** Its thread's alone. */
    private boolean failing;

    private Heartbeat(Server server, Runnable sign) {
        this.server = server;
        this.sign = sign;
    }

    /** Gives that sign of life from now on, with such pauses. */
    static Heartbeat begin(Server server, Duration pause, Runnable sign) {
        var heartbeat = new Heartbeat(server, sign);
        var unused = heartbeat.thread.scheduleWithFixedDelay(
                heartbeat::beat, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
        return heartbeat;
    }

    /** Whatever is thrown here would end all beats to come. */
    private void beat() {
        try {
            sign.run();
            failing = false;
        } catch (RuntimeException | Error e) {
            boolean known =
                    failing || thread.isShutdown() || server.hold().death().isPresent();
            failing = true;
            Log.LOGGER.log(
                    known ? Level.DEBUG : Level.WARNING,
                    "a sign of life did not reach " + server.describe() + "; after " + Registry.LIFE.toSeconds()
                            + " s without one others may take this run's databases",
                    e);
        }
    }

    /** When this returns, no sign is given any more. */
    void end() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(Registry.BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.LOGGER.log(Level.DEBUG, "a sign of life to {0} does not end", server.describe());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
