package dev.isolated.lease;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.LeaseTimeoutException;
import dev.isolated.error.SettingsException;
import dev.isolated.error.SliceException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the slices of one server ahead of the tests, hands them out first come, first served, and takes them back.
 * Thread-safe. The lock is held only to move slots between the collections below, never while a slice is called.
 *
 * @param <H> the handle
 */
public final class Pool<H> implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    private final Server server;
    private final Slices<H> slices;
    private final Duration patience;
    private final int most;
    private final int warm;
    private final LongSupplier nanoTime;
    private final Background background;
    private final PoolMeters meters;
    private final LeakWatch leakWatch;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition emptied = lock.newCondition();
    private final Deque<Slot<H>> ready = new ArrayDeque<>();
    private final Deque<Waiter<H>> waiting = new ArrayDeque<>();
    private final Set<Lease<H>> leases = new LinkedHashSet<>();
    private int size;
    private int creating;
    private int numbered;
    private boolean closed;
    private @Nullable IsolationException lastFailure;

    /** A pool as large as the settings say; fails where the server cannot hold that many slices. */
    public Pool(Server server, Slices<H> slices, Settings settings, MeterRegistry registry, LongSupplier nanoTime) {
        this.server = server;
        this.slices = slices;
        this.nanoTime = nanoTime;
        patience = settings.get(Keys.LEASE_TIMEOUT);
        most = settings.get(Keys.ENVIRONMENTS_MAX);
        warm = Math.min(most, settings.get(Keys.LEASE_WARM));
        if (most > slices.capacity()) {
            throw new SettingsException(
                    Explanation.couldNot("open a pool of " + most + " slices on " + server.describe())
                            .expected(Keys.ENVIRONMENTS_MAX + " to be at most " + slices.capacity()
                                    + ", what the server can hold")
                            .found(Keys.ENVIRONMENTS_MAX + " = " + most)
                            .next("lower it, choose a smaller profile, or give the server more room"));
        }
        background = new Background("isolated-" + server.service());
        meters = new PoolMeters(registry, server, this);
        leakWatch = new LeakWatch(this::openLeases, settings.get(Keys.LEASE_LEAK_AFTER), nanoTime, meters.leaks);
        background.repeatedly(settings.get(Keys.LEASE_LEAK_AFTER), leakWatch);
        if (!server.ours()) {
            background.run(new Sweep(slices, server));
        }
        locked(this::grow);
    }

    /** Leases a slice to the test of that name, waiting for one no longer than the settings allow. */
    public Lease<H> lease(String holder) {
        long since = nanoTime.getAsLong();
        while (true) {
            var waiter = new Waiter<H>();
            Slot<H> atOnce = takeOrQueue(waiter, holder);
            Slot<H> slot = atOnce != null ? atOnce : await(waiter, holder);
            if (isReset(slot)) {
                var lease = handOut(slot, holder, since);
                (atOnce != null ? meters.hit : meters.miss).record(nanoTime.getAsLong() - since, TimeUnit.NANOSECONDS);
                return lease;
            }
        }
    }

    /** The server whose slices these are. */
    public Server server() {
        return server;
    }

    public PoolStatus status() {
        lock.lock();
        try {
            return new PoolStatus(size, ready.size(), leases.size(), waiting.size(), most);
        } finally {
            lock.unlock();
        }
    }

    /** Destroys all slices; leases that are still open are reported as leaks and cut off. */
    @Override
    public void close() {
        List<Slot<H>> idle;
        List<Waiter<H>> disappointed;
        lock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            idle = List.copyOf(ready);
            disappointed = List.copyOf(waiting);
            ready.clear();
            waiting.clear();
        } finally {
            lock.unlock();
        }
        disappointed.forEach(waiter -> waiter.fail(closedFor("a waiting test")));
        openLeases().forEach(this::cutOff);
        idle.forEach(slot -> destroy(slot, slot.life().state()));
        background.close();
        awaitEmptied();
        meters.close();
        slices.close();
    }

    private void cutOff(Lease<H> lease) {
        if (lease.isOpen()) {
            leakWatch.report(lease);
        }
        try {
            lease.close();
        } catch (SliceException e) {
            Background.LOGGER.log(System.Logger.Level.WARNING, "the slice is thrown away", e);
        }
    }

    /** Waits for those who were taking or giving back a slice when the pool closed; they destroy it themselves. */
    private void awaitEmptied() {
        lock.lock();
        try {
            long nanos = DRAIN.toNanos();
            while (size > 0 && nanos > 0) {
                nanos = emptied.awaitNanos(nanos);
            }
            if (size > 0) {
                Background.LOGGER.log(
                        System.Logger.Level.WARNING,
                        "{0} slices of {1} are still in use after {2}; they are left behind",
                        size,
                        server.describe(),
                        DRAIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /** Resets the slice of a lease that has just ended; {@link LeaseState#DIRTY} until then. */
    void takeBack(Lease<H> lease) {
        meters.held.record(lease.heldAt(nanoTime.getAsLong()).toNanos(), TimeUnit.NANOSECONDS);
        if (slices.resetsInline()) {
            reset(lease);
        } else {
            background.run(() -> {
                try {
                    reset(lease);
                } catch (SliceException e) {
                    Background.LOGGER.log(System.Logger.Level.WARNING, "the slice is replaced", e);
                }
            });
        }
    }

    private void reset(Lease<H> lease) {
        Slot<H> slot = lease.slot();
        slot.step(LeaseState.DIRTY, LeaseState.RESETTING);
        long start = nanoTime.getAsLong();
        try {
            slot.slice().reset();
            if (!slices.resetsInline()) {
                slot.slice().awaitReset();
            }
        } catch (RuntimeException | Error e) {
            locked(() -> leases.remove(lease));
            var failure = failure("reset " + slot.slice().describe() + " after " + lease.holder(), e);
            background.run(() -> destroy(slot, LeaseState.RESETTING));
            throw failure;
        }
        meters.reset.record(nanoTime.getAsLong() - start, TimeUnit.NANOSECONDS);
        stock(slot, () -> leases.remove(lease));
    }

    /** Completes the reset that was begun when the slot was given back; one that fails is replaced. */
    private boolean isReset(Slot<H> slot) {
        if (slot.life().state() == LeaseState.READY) {
            return true;
        }
        try {
            slot.slice().awaitReset();
        } catch (RuntimeException | Error e) {
            background.run(() -> destroy(slot, LeaseState.RESETTING));
            Background.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the slice is replaced",
                    failure("complete the reset of " + slot.slice().describe(), e));
            return false;
        }
        slot.step(LeaseState.RESETTING, LeaseState.READY);
        return true;
    }

    /** Keeps a ready slot, or gives it to who waits for it; {@code change} is seen together with that. */
    private void stock(Slot<H> slot, Runnable change) {
        boolean kept = locked(() -> {
            change.run();
            return offer(slot);
        });
        if (!kept) {
            destroy(slot, slot.life().state());
        }
    }

    /** A ready slot, or null and a place in the queue. */
    private @Nullable Slot<H> takeOrQueue(Waiter<H> waiter, String holder) {
        return locked(() -> {
            requireOpen(holder);
            Slot<H> slot = waiting.isEmpty() ? ready.pollFirst() : null;
            if (slot == null) {
                waiting.add(waiter);
            }
            grow();
            return slot;
        });
    }

    /** Gives a ready slot to the first waiter, or keeps it; false when the pool is closed. Under the lock. */
    private boolean offer(Slot<H> slot) {
        if (closed) {
            return false;
        }
        Waiter<H> first = waiting.poll();
        if (first == null) {
            ready.addLast(slot);
        } else {
            first.give(slot);
        }
        return true;
    }

    private Lease<H> handOut(Slot<H> slot, String holder, long since) {
        slot.step(LeaseState.READY, LeaseState.LEASED);
        Lease<H> lease;
        try {
            lease = new Lease<>(this, slot, holder, since);
        } catch (RuntimeException | Error e) {
            slot.step(LeaseState.LEASED, LeaseState.DIRTY);
            background.run(() -> destroy(slot, LeaseState.DIRTY));
            throw failure("hand out " + slot.slice().describe() + " to " + holder, e);
        }
        boolean open = locked(() -> {
            leases.add(lease);
            return !closed;
        });
        if (!open) {
            cutOff(lease);
            throw closedFor(holder);
        }
        return lease;
    }

    private Slot<H> await(Waiter<H> waiter, String holder) {
        try {
            Slot<H> slot = waiter.await(patience.toNanos());
            if (slot != null) {
                return slot;
            }
        } catch (InterruptedException e) {
            Slot<H> late = giveUp(waiter);
            if (late != null) {
                stock(late, () -> {});
            }
            Thread.currentThread().interrupt();
            throw new LeaseTimeoutException(
                    Explanation.couldNot("lease a slice of " + server.service() + " for " + holder)
                            .expected("to wait up to " + patience)
                            .found("that the waiting thread was interrupted")
                            .next("find out who interrupts the test, for instance its own time limit"),
                    e);
        } catch (ExecutionException e) {
            throw inVain(holder, e.getCause());
        }
        Slot<H> late = giveUp(waiter);
        if (late != null) {
            return late;
        }
        meters.timeouts.increment();
        throw timedOut(holder);
    }

    /** What a waiter is told in its own name, and with its own stack. */
    private IsolationException inVain(String holder, @Nullable Throwable reason) {
        if (locked(() -> closed)) {
            return closedFor(holder);
        }
        return new SliceException(
                Explanation.couldNot("lease a slice of " + server.service() + " for " + holder)
                        .expected("one to be created")
                        .found("this failure: " + (reason == null ? "unknown" : reason.getMessage()))
                        .next("see the cause; the next test tries again"),
                reason);
    }

    private @Nullable Slot<H> giveUp(Waiter<H> waiter) {
        return locked(() -> waiting.remove(waiter) ? null : waiter.late());
    }

    private LeaseTimeoutException timedOut(String holder) {
        long now = nanoTime.getAsLong();
        PoolStatus status = status();
        String holders = openLeases().stream()
                .map(lease -> lease.describe(now, Thread.currentThread()))
                .collect(Collectors.joining("; "));
        return new LeaseTimeoutException(
                Explanation.couldNot("lease a slice of " + server.service() + " for " + holder)
                        .expected("one of " + most + " within " + patience.toMillis() + " ms")
                        .found(status.leased() + " leased, " + status.ready() + " ready, "
                                + (status.size() - status.ready() - status.leased()) + " being prepared, "
                                + status.waiting() + " more waiting; held by: "
                                + (holders.isEmpty() ? "nobody" : holders))
                        .next("close what is held too long, or raise " + Keys.ENVIRONMENTS_MAX + " or "
                                + Keys.LEASE_TIMEOUT),
                lastFailure());
    }

    /** Starts the creation of as many slices as waiters and warmth ask for. Under the lock. */
    private void grow() {
        int wanted = waiting.size() + warm - ready.size() - creating;
        for (int room = most - size; wanted > 0 && room > 0 && !closed; wanted--, room--) {
            size++;
            creating++;
            int number = ++numbered;
            background.run(() -> create(number));
        }
    }

    private void create(int number) {
        long start = nanoTime.getAsLong();
        Slot<H> slot;
        try {
            slot = Slot.ready(slices.create(number));
        } catch (RuntimeException | Error e) {
            createFailed(failure("create slice " + number + " on " + server.describe(), e));
            return;
        }
        meters.created.record(nanoTime.getAsLong() - start, TimeUnit.NANOSECONDS);
        stock(slot, () -> creating--);
    }

    /** Tells those who wait in vain: when no slice exists or comes into being, nobody will ever hand them one. */
    private void createFailed(SliceException reason) {
        locked(() -> {
            creating--;
            shrink();
            if (size == 0) {
                waiting.forEach(waiter -> waiter.fail(reason));
                waiting.clear();
            }
        });
    }

    private void destroy(Slot<H> slot, LeaseState from) {
        slot.step(from, LeaseState.DESTROYED);
        try {
            slot.slice().destroy();
        } catch (RuntimeException | Error e) {
            Background.LOGGER.log(
                    System.Logger.Level.WARNING,
                    failure("destroy " + slot.slice().describe(), e).getMessage(),
                    e);
        } finally {
            locked(() -> {
                shrink();
                if (!closed) {
                    grow();
                }
            });
        }
    }

    private void shrink() {
        size--;
        if (size == 0) {
            emptied.signalAll();
        }
    }

    private SliceException failure(String task, Throwable cause) {
        meters.failures.increment();
        String death = server.death()
                .get()
                .map(reason -> "; the server is gone: " + reason)
                .orElse("");
        String what = cause instanceof IsolationException ? String.valueOf(cause.getMessage()) : cause.toString();
        var failure = new SliceException(
                Explanation.couldNot(task)
                        .found(what + death)
                        .next("see the cause; the slice is replaced and other tests go on"),
                cause);
        locked(() -> lastFailure = failure);
        return failure;
    }

    private @Nullable IsolationException lastFailure() {
        return locked(() -> lastFailure);
    }

    private List<Lease<H>> openLeases() {
        return locked(() -> new ArrayList<>(leases));
    }

    private void requireOpen(String holder) {
        if (closed) {
            throw closedFor(holder);
        }
        server.death().get().ifPresent(reason -> {
            throw new SliceException(
                    Explanation.couldNot("lease a slice of " + server.service() + " for " + holder)
                            .expected(server.describe() + " to be running")
                            .found(reason)
                            .next("see the server's log for why it ended"),
                    lastFailure);
        });
    }

    private SliceException closedFor(String holder) {
        return new SliceException(Explanation.couldNot("lease a slice of " + server.service() + " for " + holder)
                .expected("an open pool")
                .found("that the run has ended and its pools are closed")
                .next("open environments only while the tests run"));
    }

    private void locked(Runnable task) {
        locked(() -> {
            task.run();
            return true;
        });
    }

    private <T extends @Nullable Object> T locked(Supplier<T> task) {
        lock.lock();
        try {
            return task.get();
        } finally {
            lock.unlock();
        }
    }
}
