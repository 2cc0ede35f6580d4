package dev.isolated.benchmarks;

import java.util.ArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Threads that do the same thing many times, all at once. One round at a time. */
final class Crowd implements AutoCloseable {

    /** What each thread does; {@code thread} counts from 0. */
    interface Task {
        void run(int thread) throws Exception;
    }

    private final int threads;
    private final ExecutorService executor;
    private final LongAdder failures = new LongAdder();
    private final AtomicReference<@Nullable Exception> first = new AtomicReference<>();

    Crowd(int threads) {
        this.threads = threads;
        executor = Executors.newFixedThreadPool(threads);
    }

    /** Seconds from the moment when all are let go until the last has done its task that many times. */
    double seconds(int times, Task task) throws Exception {
        var go = new CountDownLatch(1);
        var present = new CountDownLatch(threads);
        var done = new ArrayList<Future<?>>();
        for (int thread = 0; thread < threads; thread++) {
            int number = thread;
            done.add(executor.submit(() -> {
                present.countDown();
                go.await();
                repeat(times, task, number);
                return true;
            }));
        }
        present.await();
        long start = System.nanoTime();
        go.countDown();
        for (Future<?> thread : done) {
            thread.get();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Reports how often a task has failed so far, and fails unless that is never. */
    void requireNoFailure(Report report) {
        report.line("failures=" + failures.sum());
        Exception failure = first.get();
        if (failure != null) {
            throw new BenchmarkFailure(failures.sum() + " failures, the first of them beneath", failure);
        }
    }

    private void repeat(int times, Task task, int thread) {
        for (int i = 0; i < times; i++) {
            try {
                task.run(thread);
            } catch (Exception e) {
                failures.increment();
                first.compareAndSet(null, e);
            }
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
