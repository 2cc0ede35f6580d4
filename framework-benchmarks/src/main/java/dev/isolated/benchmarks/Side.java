package dev.isolated.benchmarks;

/**
 * One side of a {@link Duel}.
 *
 * @param <T> what it can tell of one round
 */
interface Side<T> {

    /** A piece of work. */
    interface Task {
        void run() throws Exception;
    }

    /** Does its share of one round. */
    T measure() throws Exception;

    /** A task so short that a round repeats it; the figure is microseconds for each time. */
    static Side<Double> micros(int times, Task task) {
        return () -> {
            long start = System.nanoTime();
            for (int i = 0; i < times; i++) {
                task.run();
            }
            return (System.nanoTime() - start) / 1e3 / times;
        };
    }
}
