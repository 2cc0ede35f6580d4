package dev.isolated.embedded.front;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * How much of what clients send may be held at once, for all of them, and as much again for one that waits for the others: of
 * many that have come half-way, one comes to its end. Thread-safe.
 */
final class Allowance {

    /** How long others are waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final int UNIT = 1 << 16;
    private static final int TURN_MILLIS = 20;

    /** What one request holds. Used by one thread. */
    final class Share implements AutoCloseable {

        private int taken;
        private int ahead;
        private boolean first;

        /** Fails where there is no room for so many bytes more, and none becomes free soon. */
        void take(int bytes) throws EngineException {
            int units = (bytes + UNIT - 1) / UNIT;
            if (units > size - taken - ahead) {
                throw full();
            }
            if (first || !freed(units)) {
                ahead += units;
            } else {
                taken += units;
            }
        }

        /** Whether there is room; if not, it may go ahead of the others. */
        private boolean freed(int units) throws EngineException {
            long end = System.nanoTime() + patience.toNanos();
            try {
                do {
                    if (free.tryAcquire(units, TURN_MILLIS, TimeUnit.MILLISECONDS)) {
                        return true;
                    }
                    first = goesFirst.tryAcquire();
                } while (!first && System.nanoTime() - end < 0);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (!first) {
                throw full();
            }
            return false;
        }

        @Override
        public void close() {
            free.release(taken);
            taken = 0;
            ahead = 0;
            if (first) {
                first = false;
                goesFirst.release();
            }
        }
    }

    private final int size;
    private final Semaphore free;
    private final Semaphore goesFirst = new Semaphore(1);
    private final Duration patience;

    Allowance(long bytes, Duration patience) {
        size = Math.toIntExact(bytes / UNIT);
        free = new Semaphore(size);
        this.patience = patience;
    }

    Share share() {
        return new Share();
    }

    private EngineException full() {
        return EngineException.refused(
                EngineException.MEMORY_LIMIT_EXCEEDED,
                "MEMORY_LIMIT_EXCEEDED",
                "the embedded engine holds at most " + (((long) size * UNIT) >> 20)
                        + " MB of statements at once, for all tests; send rows behind a FORMAT such as CSV or RowBinary,"
                        + " which are not held, or fewer in one VALUES");
    }
}
