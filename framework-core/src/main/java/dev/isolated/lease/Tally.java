package dev.isolated.lease;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** What a pool has done so far, for the summary of the run. Thread-safe. */
final class Tally {

    private final LongAdder atOnce = new LongAdder();
    private final LongAdder waited = new LongAdder();
    private final LongAccumulator longest = new LongAccumulator(Math::max, 0);

    void leased(boolean withoutWaiting, long nanos) {
        (withoutWaiting ? atOnce : waited).increment();
        longest.accumulate(nanos);
    }

    @Override
    public String toString() {
        return atOnce.sum() + waited.sum() + " leases, " + atOnce.sum() + " at once, longest wait "
                + TimeUnit.NANOSECONDS.toMillis(longest.get()) + " ms";
    }
}
