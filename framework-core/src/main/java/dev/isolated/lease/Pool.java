package dev.isolated.lease;

import dev.isolated.error.IsolationException;
import dev.isolated.error.NoRoomException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Prepares the slices of one server ahead of the tests, hands them out first come, first served, and takes them back.
 * Thread-safe.
 *
 * @param <H> the handle
 */
public final class Pool<H> implements AutoCloseable {

    private static final Duration DRAIN = Duration.ofSeconds(30);
    private static final Duration RETRY = Duration.ofMillis(200);

    private final Server server;
    private final Slices<H> slices;
    private final LongSupplier nanoTime;
    private final PoolMessages messages;
    private final Shelf<H> shelf;
    private final Background background;
    private final PoolMeters meters;
    private final LeakWatch leakWatch;
    private final Sweep sweep;
    private final Tally tally = new Tally();
    private final Forensics forensics;
    private volatile @Nullable IsolationException lastFailure;

    /** A pool of what was made to a plan, as large as its settings say; fails where the server cannot hold that many slices. */
    public Pool(Server server, Slices<H> slices, Plan plan, MeterRegistry registry, LongSupplier nanoTime) {
        Settings settings = plan.settings();
        this.server = server;
        this.slices = slices;
        this.nanoTime = nanoTime;
        forensics = Forensics.of(server, settings);
        int most = settings.get(Keys.ENVIRONMENTS_MAX);
        messages = new PoolMessages(server, most, settings.get(Keys.LEASE_TIMEOUT));
        if (most > slices.capacity()) {
            throw messages.tooLarge(slices.capacity());
        }
        shelf = new Shelf<>(most, Math.min(most, settings.get(Keys.LEASE_WARM)));
        background = new Background("isolated-" + server.service());
        meters = new PoolMeters(registry, server, plan, this);
        leakWatch = new LeakWatch(shelf::leases, settings.get(Keys.LEASE_LEAK_AFTER), nanoTime, meters.leaks);
        background.repeatedly(settings.get(Keys.LEASE_LEAK_AFTER), leakWatch);
        sweep = new Sweep(slices, server, nanoTime);
        if (server.tenure().outlivesTheRun()) {
            background.continually(Sweep.PERIOD, sweep);
        }
        grow();
    }

    /** Has the JVM load what pools are made of. */
    public static void warmUp(Settings settings) {
        Rehearsal.play(settings);
    }

    /** Leases a slice to the test of that name, waiting for one no longer than the settings allow. */
    public Lease<H> lease(String holder) {
        long since = nanoTime.getAsLong();
        while (true) {
            server.hold().death().ifPresent(reason -> {
                throw messages.dead(holder, reason, lastFailure);
            });
            var waiter = new Waiter<H>();
            Slot<H> atOnce = shelf.takeOrQueue(waiter);
            grow();
            Slot<H> slot = atOnce != null ? atOnce : await(waiter, holder, since);
            if (isReset(slot)) {
                var lease = handOut(slot, holder, since);
                long taken = nanoTime.getAsLong() - since;
                (atOnce != null ? meters.hit : meters.miss).record(taken, TimeUnit.NANOSECONDS);
                tally.leased(atOnce != null, taken);
                return lease;
            }
            if (nanoTime.getAsLong() - since > messages.patience().toNanos()) {
                throw timedOut(holder);
            }
        }
    }

    /** What the pool is and has done, in a few words. */
    public String summary() {
        return server.describe() + ": " + tally + ", " + shelf.status().size() + " slices";
    }

    public PoolStatus status() {
        return shelf.status();
    }

    /** Destroys all slices; leases that are still open are reported as leaks and cut off. */
    @Override
    public void close() {
        List<Slot<H>> idle = shelf.close();
        if (idle == null) {
            return;
        }
        sweep.stop();
        shelf.leases().forEach(this::cutOff);
        idle.forEach(this::destroy);
        background.close();
        // Whoever was taking or giving back a slice when the pool closed destroys it.
        int left = shelf.awaitEmpty(DRAIN);
        if (left > 0) {
            Log.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "{0} slices of {1} are still in use after {2}; they are left behind",
                    left,
                    server.describe(),
                    DRAIN);
        }
        meters.close();
        slices.close();
    }

    /** Begins to reset the slice of a lease that has just ended, and puts it back when that is enough. */
    void takeBack(Lease<H> lease) {
        meters.held.record(lease.heldAt(nanoTime.getAsLong()).toNanos(), TimeUnit.NANOSECONDS);
        Slot<H> slot = lease.slot();
        if (lease.kept()) {
            leave(lease);
            return;
        }
        slot.step(LeaseState.DIRTY, LeaseState.RESETTING);
        long start = nanoTime.getAsLong();
        try {
            slot.slice().reset();
        } catch (RuntimeException | Error e) {
            shelf.writeOff(lease);
            background.run(() -> destroy(slot));
            throw failure("reset " + slot.slice().describe() + " after " + lease.holder(), e);
        }
        if (slices.resetsQuickly()) {
            giveBack(lease, start);
        } else {
            background.run(() -> {
                if (isReset(slot)) {
                    giveBack(lease, start);
                } else {
                    shelf.writeOff(lease);
                }
            });
        }
    }

    Forensics forensics() {
        return forensics;
    }

    /** A slice that is kept is the pool's no more. */
    private void leave(Lease<H> lease) {
        Slot<H> slot = lease.slot();
        slot.step(LeaseState.DIRTY, LeaseState.DESTROYED);
        try {
            slot.slice().leave();
        } catch (RuntimeException | Error e) {
            throw failure("let go of " + slot.slice().describe() + ", which is kept for " + lease.holder(), e);
        } finally {
            shelf.writeOff(lease);
            shelf.gone();
            grow();
        }
    }

    private void giveBack(Lease<H> lease, long start) {
        meters.reset.record(nanoTime.getAsLong() - start, TimeUnit.NANOSECONDS);
        if (!shelf.takeBack(lease.slot(), lease)) {
            destroy(lease.slot());
        }
    }

    /** Completes the reset that was begun when the slot was given back; a slice that fails is replaced. */
    private boolean isReset(Slot<H> slot) {
        if (slot.life().state() == LeaseState.READY) {
            return true;
        }
        try {
            slot.slice().awaitReset();
        } catch (RuntimeException | Error e) {
            background.run(() -> destroy(slot));
            Log.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "the slice is replaced",
                    failure("complete the reset of " + slot.slice().describe(), e));
            return false;
        }
        slot.step(LeaseState.RESETTING, LeaseState.READY);
        return true;
    }

    private Lease<H> handOut(Slot<H> slot, String holder, long since) {
        slot.step(LeaseState.READY, LeaseState.LEASED);
        Lease<H> lease;
        try {
            lease = new Lease<>(this, slot, holder, since);
        } catch (RuntimeException | Error e) {
            slot.step(LeaseState.LEASED, LeaseState.DIRTY);
            background.run(() -> destroy(slot));
            throw failure("hand out " + slot.slice().describe() + " to " + holder, e);
        }
        if (!shelf.lend(lease)) {
            cutOff(lease);
            throw messages.closed(holder);
        }
        return lease;
    }

    private void cutOff(Lease<H> lease) {
        if (lease.isOpen()) {
            leakWatch.report(lease);
        }
        try {
            lease.close();
        } catch (IsolationException e) {
            Log.LOGGER.log(System.Logger.Level.WARNING, "the slice is thrown away", e);
        }
    }

    private Slot<H> await(Waiter<H> waiter, String holder, long since) {
        try {
            long spent = nanoTime.getAsLong() - since;
            Slot<H> slot = waiter.await(messages.patience().toNanos() - spent);
            slot = slot != null ? slot : shelf.giveUp(waiter);
            if (slot != null) {
                return slot;
            }
        } catch (InterruptedException e) {
            Slot<H> late = shelf.giveUp(waiter);
            if (late != null && !shelf.putBack(late)) {
                destroy(late);
            }
            Thread.currentThread().interrupt();
            throw messages.interrupted(holder, e);
        } catch (CancellationException e) {
            throw messages.closed(holder);
        } catch (ExecutionException e) {
            throw messages.inVain(holder, e.getCause());
        }
        throw timedOut(holder);
    }

    private IsolationException timedOut(String holder) {
        meters.timeouts.increment();
        return messages.timedOut(holder, shelf.status(), holders(), lastFailure);
    }

    private List<String> holders() {
        long now = nanoTime.getAsLong();
        return shelf.leases().stream()
                .map(lease -> lease.describe(now, Thread.currentThread()))
                .toList();
    }

    private void grow() {
        for (int number : shelf.claim()) {
            background.run(() -> create(number));
        }
    }

    private void create(int number) {
        long start = nanoTime.getAsLong();
        Slot<H> slot;
        try {
            slot = Slot.ready(slices.create(number));
        } catch (NoRoomException e) {
            lastFailure = e;
            growLater(shelf.noRoom());
            return;
        } catch (RuntimeException | Error e) {
            growLater(shelf.notCreated(failure("create slice " + number + " on " + server.describe(), e)));
            return;
        }
        meters.created.record(nanoTime.getAsLong() - start, TimeUnit.NANOSECONDS);
        if (!shelf.created(slot)) {
            destroy(slot);
        }
    }

    private void growLater(boolean wanted) {
        if (wanted) {
            background.later(RETRY, this::grow);
        }
    }

    /** Called by whoever has the slot in hand. */
    private void destroy(Slot<H> slot) {
        slot.step(slot.life().state(), LeaseState.DESTROYED);
        try {
            slot.slice().destroy();
        } catch (RuntimeException | Error e) {
            IsolationException failure = failure("destroy " + slot.slice().describe(), e);
            Log.LOGGER.log(System.Logger.Level.WARNING, failure.getMessage(), e);
        } finally {
            shelf.gone();
            grow();
        }
    }

    private IsolationException failure(String task, Throwable cause) {
        meters.failures.increment();
        IsolationException failure = messages.failed(task, cause);
        lastFailure = failure;
        return failure;
    }
}
