package dev.isolated.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.isolated.error.IsolationException;
import dev.isolated.lease.Lease;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The part of the contract about resets that fail and owners that die.
 *
 * @param <H> the handle that a test receives
 */
public abstract class CrashContract<H> extends WaitingContract<H> {

    @Test
    void aSliceWhoseResetFailsIsReplacedWhileOthersGoOn() throws Exception {
        Bench<H> bench = bench(2);
        var pool = bench.pool();
        try (Lease<H> neighbour = pool.lease("the neighbour")) {
            probe().put(neighbour.handle(), "key", "of the neighbour");
            Lease<H> unlucky = pool.lease("UnluckyTest.breaksIt");
            probe().put(unlucky.handle(), "key", "of the unlucky");
            var failure = new IllegalStateException("the slice is beyond repair");
            bench.slices().failNextReset(failure);
            surfaces(unlucky, bench, failure);

            try (Lease<H> next = pool.lease("the next test")) {
                assertThat(probe().read(next.handle())).isEmpty();
                probe().put(next.handle(), "key", "of the next");
            }
            assertThat(probe().read(neighbour.handle())).containsExactly(entry("key", "of the neighbour"));
        }
        bench.awaitRest();
        assertThat(bench.counted("isolated.slice.failures"))
                .as("failures, beside which there were " + bench.slices().unforeseen())
                .isEqualTo(1);
        assertThat(bench.slices().created() - bench.slices().existing())
                .as("slices thrown away")
                .isEqualTo(1);
    }

    /** Where a slice is reset by the test's thread the test fails; else the log says whose reset it was. */
    private static void surfaces(Lease<?> lease, Bench<?> bench, RuntimeException failure) {
        Throwable surfaced = failureOf(lease, bench);
        assertThat(surfaced)
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("reset")
                .hasMessageContaining("after " + lease.holder())
                .hasMessageContaining("the slice is beyond repair")
                .hasMessageContaining("the slice is replaced")
                .hasCause(failure);
    }

    /** Ends a lease whose reset fails, and returns that failure. */
    static Throwable failureOf(Lease<?> lease, Bench<?> bench) {
        return catchThrowable(lease::close);
    }

    @Test
    void leftoversOfADeadOwnerAreRemovedAndThoseOfALiveOneNever() throws Exception {
        assumeThat(ownServers())
                .as("where each slice is a server, it goes with its owner")
                .isSameAs(OwnServers.NONE);
        String alive = Bench.newRun();
        String doomed = Bench.newRun();
        Slices<H> dying = connect(doomed);
        try (Slices<H> living = connect(alive)) {
            Slice<H> kept = living.create(1);
            H handle = kept.handOut(new Tenant("LivingTest.goesOn"));
            probe().put(handle, "key", "of the living");
            probe().put(dying.create(1).handOut(new Tenant("DoomedTest.dies")), "key", "of the dead");
            var unused = dying.create(2);

            assertThat(leftoversOf(alive, living)).isEmpty();
            assertThat(leftoversOf(doomed, living))
                    .as("what a live neighbour holds")
                    .isEmpty();

            crash(dying, doomed);
            List<Leftover> found = leftoversOf(doomed, living);
            assertThat(found).as("what the dead run left").hasSizeGreaterThanOrEqualTo(2);
            assertThat(leftoversOf(alive, living)).isEmpty();

            found.forEach(Leftover::remove);
            assertThat(leftoversOf(doomed, living)).as("after their removal").isEmpty();
            found.forEach(Leftover::remove);

            assertThat(probe().read(handle)).containsExactly(entry("key", "of the living"));
            kept.destroy();
        }
    }

    @Test
    void anOwnerThatClosesLeavesNothingOnAServerThatGoesOn() throws Exception {
        assumeThat(server().tenure().outlivesTheRun())
                .as("on a server that stops with its run, everything goes with it")
                .isTrue();
        String orderly = Bench.newRun();
        try (Slices<H> witness = connect(Bench.newRun())) {
            try (Slices<H> slices = connect(orderly)) {
                Slice<H> used = slices.create(1);
                probe().put(used.handOut(new Tenant("OrderlyTest.tidiesUp")), "key", "value");
                used.reset();
                used.destroy();
                slices.create(2).destroy();
            }
            assertThat(leftoversOf(orderly, witness)).isEmpty();
        }
    }

    /** Has a run look to the others as if it had been killed; nothing of it closes anything, unless that is how to look so. */
    protected void crash(Slices<H> dying, String run) throws Exception {
        probe().crash(run);
    }

    private Slices<H> connect(String run) {
        return service().connect(server(), plan(settings(Map.of()), run));
    }

    private List<Leftover> leftoversOf(String run, Slices<H> witness) {
        return witness.leftovers().stream()
                .filter(leftover -> leftover.describe().contains(run))
                .toList();
    }
}
