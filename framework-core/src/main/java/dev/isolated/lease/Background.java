package dev.isolated.lease;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A few daemon threads that create, reset and destroy slices off the tests' path. Few, because servers serialise such
 * work themselves. Thread-safe.
 */
final class Background implements AutoCloseable {

    private static final int THREADS = 2;
    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final String name;
    private final ScheduledThreadPoolExecutor executor;

    Background(String name) {
        this.name = name;
        var count = new AtomicInteger();
        executor = new ScheduledThreadPoolExecutor(THREADS, task -> {
            var thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(true);
        executor.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
    }

    /** Runs a task soon; at once, on the caller's thread, when the pool has closed in the meantime. */
    void run(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            task.run();
        }
    }

    /** Runs a task after a pause, unless the pool has closed by then. */
    void later(Duration pause, Runnable task) {
        try {
            var unused = executor.schedule(task, pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            Log.LOGGER.log(System.Logger.Level.TRACE, "{0} is closed; nothing needs to be done later", name);
        }
    }

    void repeatedly(Duration period, Runnable task) {
        var unused = executor.scheduleAtFixedRate(task, period.toNanos(), period.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs a task now, and again and again with a pause between, never twice at the same time. */
    void continually(Duration pause, Runnable task) {
        var unused = executor.scheduleWithFixedDelay(task, 0, pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Lets what was asked for finish, within bounds. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(DRAIN.toSeconds(), TimeUnit.SECONDS)) {
                Log.LOGGER.log(
                        System.Logger.Level.WARNING, "{0} is still busy after {1}; it is left behind", name, DRAIN);
                executor.shutdownNow();
            }
        } catch (InterruptedException e) {
            executor.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
