package dev.isolated.contract;

import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Runs the same task on several threads that start at the same moment, and hands on what it throws. */
public final class Together {

    private static final long SECONDS = 60;

    private Together() {}

    /** Returns when all threads have ended, or fails with the failure of one. */
    public static void run(int threads, Task task) throws Exception {
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            var start = new CyclicBarrier(threads);
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                Callable<Boolean> one = () -> {
                    start.await(SECONDS, TimeUnit.SECONDS);
                    task.run(number);
                    return true;
                };
                running.add(executor.submit(one));
            }
            for (Future<?> each : running) {
                each.get(SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** What each thread does; {@code thread} counts from 0. */
    @FunctionalInterface
    public interface Task {
        void run(int thread) throws Exception;
    }
}
