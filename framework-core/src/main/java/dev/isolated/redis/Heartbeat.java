package dev.isolated.redis;

import dev.isolated.spi.Server;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Does regularly what a run must do as long as it lives, to show that it does; on a thread of its own, for it waits while a
 * server does not answer. Thread-safe.
 */
final class Heartbeat {

    private final Server server;
    private final List<Beat> beats;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        var daemon = new Thread(task, "isolated-redis-heartbeat");
        daemon.setDaemon(true);
        return daemon;
    });

    /** One of the things that are done. Its thread's alone. */
    static final class Beat {

        private final Runnable task;
        private final String failure;
        private boolean failing;

        /** @param failure what is told where it fails, ahead of the server's name */
        Beat(Runnable task, String failure) {
            this.task = task;
            this.failure = failure;
        }
    }

    private Heartbeat(Server server, List<Beat> beats) {
        this.server = server;
        this.beats = beats;
    }

    /** A sign of life. */
    static Beat sign(Runnable task) {
        return new Beat(
                task,
                "after " + Registry.LIFE.toSeconds() + " s without a sign of life others may take this run's databases;"
                        + " one did not reach ");
    }

    /** Does these from now on, with such pauses. */
    static Heartbeat begin(Server server, Duration pause, Beat... beats) {
        var heartbeat = new Heartbeat(server, List.of(beats));
        var unused = heartbeat.thread.scheduleWithFixedDelay(
                () -> heartbeat.beats.forEach(heartbeat::beat),
                pause.toMillis(),
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
        return heartbeat;
    }

    /** Whatever is thrown here would end all beats to come. */
    private void beat(Beat beat) {
        try {
            beat.task.run();
            beat.failing = false;
        } catch (RuntimeException | Error e) {
            boolean known =
                    beat.failing || thread.isShutdown() || server.hold().death().isPresent();
            beat.failing = true;
            Log.LOGGER.log(known ? Level.DEBUG : Level.WARNING, beat.failure + server.describe(), e);
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
