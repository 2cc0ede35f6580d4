package dev.isolated.lease;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Warns, once for each lease, of leases that are held suspiciously long, with the stack that took them. Thread-safe. */
final class LeakWatch implements Runnable {

    private final Supplier<? extends Collection<? extends Lease<?>>> leases;
    private final Duration limit;
    private final LongSupplier nanoTime;
    private final Counter leaks;
    private final Set<Lease<?>> reported = Collections.newSetFromMap(Collections.synchronizedMap(new WeakHashMap<>()));

    LeakWatch(
            Supplier<? extends Collection<? extends Lease<?>>> leases,
            Duration limit,
            LongSupplier nanoTime,
            Counter leaks) {
        this.leases = leases;
        this.limit = limit;
        this.nanoTime = nanoTime;
        this.leaks = leaks;
    }

    @Override
    public void run() {
        long now = nanoTime.getAsLong();
        for (Lease<?> lease : leases.get()) {
            if (lease.heldAt(now).compareTo(limit) >= 0) {
                report(lease);
            }
        }
    }

    void report(Lease<?> lease) {
        if (reported.add(lease)) {
            leaks.increment();
            Log.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "possible leak: " + lease.describe(nanoTime.getAsLong(), null),
                    lease.taken());
        }
    }
}
