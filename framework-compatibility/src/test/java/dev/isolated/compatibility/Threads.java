package dev.isolated.compatibility;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Does things at the same time, as an application's threads do. */
final class Threads {

    private static final int COUNT = 4;
    private static final int SECONDS = 30;

    /** What one of them does. */
    interface Task {
        void run(int number) throws Exception;
    }

    private Threads() {}

    /** Runs a task so many times on a few threads, and fails as the first of them that fails. */
    static void times(int count, Task task) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(COUNT);
        try {
            var calls = IntStream.range(0, count)
                    .mapToObj(number -> (Callable<Boolean>) () -> {
                        task.run(number);
                        return true;
                    })
                    .toList();
            for (Future<Boolean> call : threads.invokeAll(calls, SECONDS, TimeUnit.SECONDS)) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
