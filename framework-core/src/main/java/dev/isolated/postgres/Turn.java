package dev.isolated.postgres;

import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the one physical connection. A session is <em>on the wire</em> from its first message to the server's
 * {@code ReadyForQuery}, and <em>owns the unit</em> as long as its transaction is open. One lock, held only to look and
 * to note; waiting is bounded. Thread-safe.
 */
final class Turn {

    private static final int STACK = 12;

    /** What a cancel needs, elsewhere, to get to the server: it does not come there before the statement it follows. */
    private static final Duration CANCEL_TRAVELS = Duration.ofMillis(20);

    private final Tenant tenant;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition arrived = lock.newCondition();
    private final CancelGate gate = new CancelGate(lock, changed);
    private final Set<Session> waiting = new HashSet<>();
    private @Nullable Session owner;
    private @Nullable Thread thread;
    private boolean onWire;

    Turn(Tenant tenant, Duration patience) {
        this.tenant = tenant;
        this.patience = patience;
    }

    /** Puts a session on the wire, once nobody else is or, in another thread, has a transaction open. */
    void enter(Session session) throws Refusal {
        lock.lock();
        try {
            requireWelcome(session);
            awaitWire(session);
            owner = session;
            thread = Thread.currentThread();
            onWire = true;
            gate.entered();
            arrived.signalAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw session.givenUp("interrupted while waiting for another connection of " + tenant.name());
        } finally {
            lock.unlock();
        }
    }

    private void awaitWire(Session session) throws Refusal, InterruptedException {
        long nanos = patience.toNanos();
        while (onWire || !(owner == null || owner == session || thread == Thread.currentThread())) {
            requireHope(nanos);
            waiting.add(session);
            arrived.signalAll();
            boolean cancelled;
            try {
                nanos = changed.awaitNanos(nanos);
            } finally {
                cancelled = !waiting.remove(session);
            }
            requireWelcome(session);
            if (cancelled) {
                throw session.givenUp("canceling statement due to user request");
            }
        }
    }

    /** Takes the session off the wire that is on it; {@code next} is whose transaction is open. */
    void leave(@Nullable Session next) {
        lock.lock();
        try {
            gate.left();
            onWire = false;
            owner = next;
            if (next == null) {
                thread = null;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on the session on the wire sends what is the application's. */
    void admitted() {
        gate.admitted();
    }

    /** What the session on the wire sends next opens a unit. */
    void opening() {
        gate.opening();
    }

    /** The server has answered that. */
    void opened() {
        gate.opened();
    }

    /**
     * Cancels what the session has on the wire, and keeps it there meanwhile, so that a cancel never hits what comes next,
     * nor, between two units, what came before; or wakes it where it waits. A driver may cancel what it is still about to
     * send, so that is given the time that a cancel needs on any network.
     */
    void cancel(Session session, CancelGate.Beside beside) {
        lock.lock();
        try {
            Uninterrupted.await(CANCEL_TRAVELS, nanos -> hereWithin(session, nanos));
            boolean waited = waiting.remove(session);
            changed.signalAll();
            if (!waited && onWire && owner == session) {
                gate.cancel(beside);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean hereWithin(Session session, long limit) throws InterruptedException {
        long nanos = limit;
        while (!(here(session) || session.closed()) && nanos > 0) {
            nanos = arrived.awaitNanos(nanos);
        }
        return here(session);
    }

    private boolean here(Session session) {
        return waiting.contains(session) || (onWire && owner == session);
    }

    /** What is done on the wire between the sessions' exchanges. */
    interface Interlude {
        void play() throws IOException, SQLException;
    }

    /**
     * Takes the wire, once nobody is on it, without taking anybody's unit away.
     *
     * @return false where it did not become free in time
     */
    boolean between(Duration limit, Interlude interlude) throws IOException, SQLException {
        lock.lock();
        try {
            if (!Uninterrupted.await(limit, this::silentWithin)) {
                return false;
            }
            onWire = true;
        } finally {
            lock.unlock();
        }
        try {
            interlude.play();
        } finally {
            freeWire();
        }
        return true;
    }

    private void freeWire() {
        lock.lock();
        try {
            onWire = false;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Nobody has a transaction open any more. */
    void dismiss() {
        lock.lock();
        try {
            owner = null;
            thread = null;
        } finally {
            lock.unlock();
        }
    }

    /** Who has a transaction open, or is on the wire. */
    @Nullable Session owner() {
        lock.lock();
        try {
            return owner;
        } finally {
            lock.unlock();
        }
    }

    /** Who is on the wire. */
    @Nullable Session onWire() {
        lock.lock();
        try {
            return onWire ? owner : null;
        } finally {
            lock.unlock();
        }
    }

    /** Whether the session has its transaction open and is not on the wire. */
    boolean idlesInUnit(Session session) {
        lock.lock();
        try {
            return owner == session && !onWire;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until nobody is on the wire, and tells those who wait for it to look anew; false when the time is over, or
     * when the calling thread itself has left an exchange unfinished.
     */
    boolean awaitSilence(Duration limit) {
        lock.lock();
        try {
            changed.signalAll();
            return Uninterrupted.await(limit, this::silentWithin);
        } finally {
            lock.unlock();
        }
    }

    private boolean silentWithin(long limit) throws InterruptedException {
        long nanos = limit;
        while (onWire && nanos > 0 && thread != Thread.currentThread()) {
            nanos = changed.awaitNanos(nanos);
        }
        return !onWire;
    }

    /** Waits, off the wire, for a driver that listens while nothing can come; it may return early. */
    @SuppressWarnings("WaitNotInLoop")
    void idle(Duration limit) {
        lock.lock();
        try {
            Uninterrupted.await(limit, nanos -> changed.await(nanos, TimeUnit.NANOSECONDS));
        } finally {
            lock.unlock();
        }
    }

    private void requireWelcome(Session session) throws Refusal {
        if (tenant.ended()) {
            throw new Refusal("57P01", tenant.whatEnded().toString(), "");
        }
        session.requireOpen();
    }

    private void requireHope(long nanos) throws Refusal {
        if (thread == Thread.currentThread()) {
            throw new Refusal(
                    "55P03",
                    "a connection of " + tenant.name() + " would wait for ever: another connection of the same thread "
                            + whatOwnerDoes(),
                    "End what the other connection does first, or use DATABASE isolation, where connections are"
                            + " independent.");
        }
        if (nanos <= 0) {
            throw new Refusal(
                    "55P03",
                    "a connection of " + tenant.name() + " waited " + patience.toMillis()
                            + " ms in thread " + Thread.currentThread().getName()
                            + " for another connection of that test, which " + whatOwnerDoes() + "; " + stackOf(thread),
                    "In TRANSACTION isolation the transactions of one test run one at a time. End the other one sooner,"
                            + " raise isolated.postgres.turn-timeout, or use DATABASE isolation.");
        }
    }

    private String whatOwnerDoes() {
        return (onWire ? "runs a statement" : "has a transaction open")
                + (owner == null ? "" : "; that connection was " + owner.opened());
    }

    private static String stackOf(@Nullable Thread other) {
        if (other == null) {
            return "its thread is gone";
        }
        return "its thread " + other.getName() + " is at\n"
                + Arrays.stream(other.getStackTrace())
                        .limit(STACK)
                        .map(frame -> "\tat " + frame)
                        .collect(Collectors.joining("\n"));
    }
}
