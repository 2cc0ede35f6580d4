package dev.isolated.postgres;

import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who may use the one physical connection. A session is <em>on the wire</em> from its first message to the server's
 * {@code ReadyForQuery}, and <em>owns the unit</em> as long as its transaction is open. Those that wait get it in the
 * order in which they came. One lock, held only to look and to note; waiting is bounded, and an interrupt does not end it,
 * as it does not end a JDBC call. Thread-safe.
 */
final class Turn {

    private static final int STACK = 12;

    /** What a cancel needs, elsewhere, to get to the server: it does not come there before the statement it follows. */
    private static final Duration CANCEL_TRAVELS = Duration.ofMillis(20);

    private final Tenant tenant;
    private final History history;
    private final Duration patience;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition arrived = lock.newCondition();
    private final CancelGate gate = new CancelGate(lock, changed);
    private final Deque<Waiter> waiting = new ArrayDeque<>();
    private @Nullable Session owner;
    private @Nullable Thread thread;
    private boolean onWire;
    private boolean amidst;

    /** @param history where it is told what the connections have said last */
    Turn(Tenant tenant, History history, Duration patience) {
        this.tenant = tenant;
        this.history = history;
        this.patience = patience;
    }

    /** A session that wants to go on the wire, and waits in its thread. Guarded by the lock. */
    private final class Waiter {

        final Session session;
        final Thread self = Thread.currentThread();
        final Condition called = lock.newCondition();
        boolean cancelled;
        private boolean told;

        Waiter(Session session) {
            this.session = session;
        }

        /** Has it look anew; noted, for an interrupt may take the place of the signal. */
        void call() {
            told = true;
            called.signal();
        }

        /** It may return early. */
        @SuppressWarnings("WaitNotInLoop")
        void await(Duration limit) {
            Uninterrupted.await(limit, nanos -> told || called.awaitNanos(nanos) > 0);
            told = false;
        }
    }

    /**
     * Puts a session on the wire, once nobody else is or, in another thread, has a transaction open.
     *
     * @param timeoutMillis how long its driver waits for an answer, of which waiting for this is a part; 0 is for ever
     * @throws SocketTimeoutException when that is over, as on a network
     */
    void enter(Session session, int timeoutMillis) throws Refusal, SocketTimeoutException {
        lock.lock();
        try {
            requireWelcome(session);
            if (!mayEnter(session, Thread.currentThread(), waiting.isEmpty())) {
                awaitWire(new Waiter(session), timeoutMillis);
            }
            take(session);
        } finally {
            lock.unlock();
        }
    }

    /** The same without waiting and without anybody's transaction having to step aside; false where that cannot be. */
    boolean enterIfIdle(Session session) throws Refusal {
        lock.lock();
        try {
            requireWelcome(session);
            boolean idle = !onWire && (owner == session || (owner == null && waiting.isEmpty()));
            if (idle) {
                take(session);
            }
            return idle;
        } finally {
            lock.unlock();
        }
    }

    private void take(Session session) {
        owner = session;
        thread = Thread.currentThread();
        onWire = true;
        gate.entered();
        arrived.signalAll();
    }

    /** @param first whether nobody who waits has come before it, which does not matter to whoever has a transaction open */
    private boolean mayEnter(Session session, Thread by, boolean first) {
        return !onWire && (owner == null ? first : owner == session || thread == by);
    }

    private void awaitWire(Waiter waiter, int timeoutMillis) throws Refusal, SocketTimeoutException {
        boolean hasty = timeoutMillis > 0 && timeoutMillis < patience.toMillis();
        Duration limit = hasty ? Duration.ofMillis(timeoutMillis) : patience;
        long end = System.nanoTime() + limit.toNanos();
        waiting.add(waiter);
        arrived.signalAll();
        boolean entered = false;
        try {
            while (!mayEnter(waiter.session, waiter.self, waiting.peek() == waiter)) {
                requireHope();
                Duration rest = Duration.ofNanos(end - System.nanoTime());
                if (rest.isNegative() && hasty) {
                    throw new SocketTimeoutException("Read timed out");
                } else if (rest.isNegative()) {
                    throw outOfPatience();
                }
                waiter.await(rest);
                requireWelcome(waiter.session);
                if (waiter.cancelled) {
                    throw waiter.session.givenUp(
                            "canceling statement due to user request",
                            "It was waiting for another connection of " + tenant.name() + ", which " + whatOwnerDoes()
                                    + ". " + oneAtATime());
                }
            }
            entered = true;
        } finally {
            waiting.remove(waiter);
            if (!entered) {
                callNext();
            }
        }
    }

    /** Whoever may go on the wire now looks anew; the lock is held. */
    private void callNext() {
        if (onWire || waiting.isEmpty()) {
            return;
        }
        Waiter first = waiting.peek();
        for (Waiter waiter : waiting) {
            if (mayEnter(waiter.session, waiter.self, waiter == first)) {
                waiter.call();
                return;
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
            callNext();
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
            Waiter waits = waiterOf(session);
            if (waits != null) {
                waits.cancelled = true;
                waits.call();
            } else if (onWire && owner == session) {
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
        return waiterOf(session) != null || (onWire && owner == session);
    }

    private @Nullable Waiter waiterOf(Session session) {
        for (Waiter waiter : waiting) {
            if (waiter.session == session && !waiter.cancelled) {
                return waiter;
            }
        }
        return null;
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
            amidst = true;
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
            amidst = false;
            changed.signalAll();
            callNext();
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
            waiting.forEach(Waiter::call);
            changed.signalAll();
            return Uninterrupted.await(limit, this::silentWithin);
        } finally {
            lock.unlock();
        }
    }

    private boolean silentWithin(long limit) throws InterruptedException {
        long nanos = limit;
        while (onWire && nanos > 0 && (amidst || thread != Thread.currentThread())) {
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

    /** Where the thread itself has to go on for the wire to become free, it would wait in vain. */
    private void requireHope() throws Refusal {
        if (!amidst && thread == Thread.currentThread()) {
            throw new Refusal(
                    "55P03",
                    "a connection of " + tenant.name() + " would wait for ever: another connection of the same thread "
                            + whatOwnerDoes(),
                    "End first what the other connection does, such as a COPY. In production connections are independent;"
                            + " where that matters, " + needs());
        }
    }

    private Refusal outOfPatience() {
        return new Refusal(
                "55P03",
                "a connection of " + tenant.name() + " waited " + patience.toMillis() + " ms in thread "
                        + Thread.currentThread().getName() + " for another connection of that test, which "
                        + whatOwnerDoes() + "; " + stackOf(thread),
                oneAtATime());
    }

    private String oneAtATime() {
        return "In TRANSACTION isolation the transactions of one test run one at a time. End the other one sooner, or"
                + " raise " + PostgresKeys.TURN_TIMEOUT + "; where they must run at the same time, " + needs();
    }

    private String needs() {
        return tenant.name() + " needs " + Instead.DATABASE + ".";
    }

    private String whatOwnerDoes() {
        String does = onWire ? "runs a statement" : "has a transaction open";
        if (owner == null) {
            return does;
        }
        String said = history.latest(owner.number());
        return does + (said.isEmpty() ? "" : ", the latest of it: " + said) + "; that connection was " + owner.opened();
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
