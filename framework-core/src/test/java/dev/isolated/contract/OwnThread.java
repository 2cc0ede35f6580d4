package dev.isolated.contract;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Runs what may block beside a test, at once: the common pool may be taken up by what other tests block in it. */
public final class OwnThread {

    private OwnThread() {}

    /** Begins the task; the future is what becomes of it. */
    public static <T> CompletableFuture<T> supply(Supplier<T> task) {
        return CompletableFuture.supplyAsync(task, OwnThread::start);
    }

    /** Begins the task; the future is what becomes of it. */
    public static CompletableFuture<Void> run(Runnable task) {
        return CompletableFuture.runAsync(task, OwnThread::start);
    }

    private static void start(Runnable task) {
        new Thread(task, "beside " + Thread.currentThread().getName()).start();
    }
}
