package dev.isolated.postgres;

import java.time.Duration;

/** Bounded waits that an interrupt does not end, as JDBC calls are not ended by one; it is kept for the caller. */
final class Uninterrupted {

    private Uninterrupted() {}

    interface Wait {
        /** Waits no longer than so many nanoseconds; whether it was worth it. */
        boolean upTo(long nanos) throws InterruptedException;
    }

    static boolean await(Duration limit, Wait wait) {
        long end = System.nanoTime() + limit.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return wait.upTo(end - System.nanoTime());
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
