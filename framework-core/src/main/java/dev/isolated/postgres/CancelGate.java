package dev.isolated.postgres;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets a cancel through to the server when the application's words are on the wire, and neither what comes next nor what
 * the sandbox says between two units. Guarded by the turn's lock, which it lets go while it waits and while it cancels.
 */
final class CancelGate {

    /** How long a cancel waits before the server is asked what it is at; most statements are done by then. */
    private static final Duration HELD_BACK = Duration.ofMillis(5);

    /** How long that is asked for again; who then still does not know better has nothing to cancel. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What a cancel would strike, as far as is known here. */
    private enum Reach {
        /** Nothing: nobody is on the wire. */
        NOTHING,
        /** What the sandbox says for itself. */
        BETWEEN,
        /** What opens a unit, unless the server is behind that already. */
        OPENING,
        /** What the application has sent. */
        INSIDE
    }

    /** The way to the server beside the wire. */
    interface Beside {
        /** Whether the server, which is given what opens a unit, is still at that, or not even there, or does not say. */
        boolean opening();

        void cancel();

        /** It cannot be told whether a cancel would strike what it is meant for, so there is none. */
        void refrain();
    }

    private final ReentrantLock lock;
    private final Condition changed;
    private Reach reach = Reach.NOTHING;
    private long exchange;
    private long openings;
    private long opened;
    private int cancelling;

    /** @param changed signalled whenever somebody leaves the wire */
    CancelGate(ReentrantLock lock, Condition changed) {
        this.lock = lock;
        this.changed = changed;
    }

    /** Somebody is on the wire; the lock is held. */
    void entered() {
        exchange++;
        reach = Reach.BETWEEN;
        openings = 0;
        opened = 0;
    }

    /** From now on it is the application's words that are sent. */
    void admitted() {
        lock.lock();
        try {
            reach = Reach.INSIDE;
        } finally {
            lock.unlock();
        }
    }

    /** What is sent next opens a unit. */
    void opening() {
        lock.lock();
        try {
            awaitCancels();
            reach = Reach.OPENING;
            openings++;
        } finally {
            lock.unlock();
        }
    }

    /** The server has answered what opened a unit, the oldest of which that was not said yet. */
    void opened() {
        lock.lock();
        try {
            opened++;
            if (reach == Reach.OPENING && opened == openings) {
                reach = Reach.INSIDE;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Nobody is on the wire any more; the lock is held. */
    void left() {
        awaitCancels();
        reach = Reach.NOTHING;
    }

    private void awaitCancels() {
        while (cancelling > 0) {
            changed.awaitUninterruptibly();
        }
    }

    /** Cancels what is on the wire, and keeps it there meanwhile; the lock is held once. */
    void cancel(Beside beside) {
        if (!reaches(beside)) {
            return;
        }
        cancelling++;
        lock.unlock();
        try {
            beside.cancel();
        } finally {
            lock.lock();
            cancelling--;
            changed.signalAll();
        }
    }

    /** Waits until the server is at what the application has sent; false where it is done with it. */
    private boolean reaches(Beside beside) {
        long current = exchange;
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (reach != Reach.NOTHING && exchange == current) {
            if (reach == Reach.INSIDE) {
                return true;
            }
            if (System.nanoTime() > limit) {
                beside.refrain();
                return false;
            }
            Uninterrupted.await(HELD_BACK, nanos -> changed.awaitNanos(nanos) > 0);
            if (reach == Reach.OPENING && exchange == current) {
                askWhether(current, beside);
            }
        }
        return false;
    }

    /** What has been opened stays so until the exchange is over, however old the server's answer is. */
    private void askWhether(long current, Beside beside) {
        long asked = openings;
        boolean opening;
        lock.unlock();
        try {
            opening = beside.opening();
        } finally {
            lock.lock();
        }
        if (!opening && reach == Reach.OPENING && exchange == current && openings == asked) {
            reach = Reach.INSIDE;
        }
    }
}
