package dev.isolated.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.isolated.error.IsolationException;
import dev.isolated.lease.Lease;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What every service keeps to, whatever its source and isolation mode: what one test does, no other test can see. A
 * service's own test class extends this one; what is promised about waiting, failing and crashing is in the classes
 * above it.
 *
 * @param <H> the handle that a test receives
 */
public abstract class ServiceContract<H> extends CrashContract<H> {

    private static final String KEY = "the one key";
    private static final int THREADS = 8;

    @Test
    void neighboursCannotSeeEachOther() throws Exception {
        var pool = bench(2).pool();
        var barrier = new CyclicBarrier(2);

        Together.run(2, thread -> {
            try (Lease<H> lease = pool.lease("neighbour " + thread)) {
                barrier.await(patience().toSeconds(), TimeUnit.SECONDS);
                probe().put(lease.handle(), KEY, "of " + thread);
                barrier.await(patience().toSeconds(), TimeUnit.SECONDS);
                assertThat(probe().read(lease.handle())).containsExactly(entry(KEY, "of " + thread));
            }
        });
    }

    @Test
    void aDuplicateKeyIsRefusedWithinOneSlice() throws Exception {
        try (Lease<H> lease = bench(1).pool().lease("one test")) {
            probe().put(lease.handle(), KEY, "first");
            assertThatThrownBy(() -> probe().put(lease.handle(), KEY, "second")).isNotNull();
            assertThat(probe().read(lease.handle())).containsExactly(entry(KEY, "first"));
        }
    }

    @TestFactory
    Stream<DynamicTest> aSliceIsCleanAfter() {
        return probe().mischief().stream().map(mischief -> dynamicTest(mischief.name(), () -> isCleanAfter(mischief)));
    }

    private void isCleanAfter(Mischief<H> mischief) throws Exception {
        try (Bench<H> bench = openBench(1)) {
            Lease<H> vandal = bench.pool().lease("the vandal");
            probe().put(vandal.handle(), KEY, "of the vandal");
            mischief.deed().on(vandal.handle());
            end(vandal, bench, mischief.fatal());

            try (Lease<H> next = bench.pool().lease("the next test")) {
                assertThat(probe().read(next.handle())).isEmpty();
                mischief.aftermath().on(next.handle());
            }
            bench.awaitRest();
            try (Lease<H> last = bench.pool().lease("the last test")) {
                probe().put(last.handle(), KEY, "of the last");
                assertThat(probe().read(last.handle())).containsExactly(entry(KEY, "of the last"));
            }
            bench.awaitRest();
            assertThat(bench.slices().created()).as("slices made").isEqualTo(mischief.fatal() ? 2 : 1);
        }
    }

    private void end(Lease<H> lease, Bench<H> bench, boolean fatal) {
        if (fatal) {
            assertThat(failureOf(lease, bench))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("reset")
                    .hasMessageContaining(lease.holder());
        } else {
            lease.close();
        }
    }

    @Test
    void manyTestsNeedNoMoreSlicesThanRunAtOnce() throws Exception {
        Bench<H> bench = bench(1);
        for (int i = 0; i < leases(); i++) {
            try (Lease<H> lease = bench.pool().lease("repeat " + i)) {
                probe().put(lease.handle(), KEY, "of " + i);
                assertThat(probe().read(lease.handle())).containsExactly(entry(KEY, "of " + i));
            }
        }
        bench.awaitRest();
        assertThat(bench.slices().created()).isEqualTo(1);
    }

    @Test
    void parallelTestsKeepApart() throws Exception {
        var pool = bench(4).pool();
        Together.run(THREADS, thread -> {
            for (int i = 0; i < leases() / THREADS; i++) {
                String mine = "of " + thread + "." + i;
                try (Lease<H> lease = pool.lease(mine)) {
                    assertThat(probe().read(lease.handle())).isEmpty();
                    probe().put(lease.handle(), KEY, mine);
                    assertThat(probe().read(lease.handle())).containsExactly(entry(KEY, mine));
                }
            }
        });
    }

    @Test
    void useAfterReleaseFailsNamingTheTest() {
        Lease<H> lease = bench(1).pool().lease("CheckoutTest.paysOnce");
        lease.close();

        assertThatThrownBy(() -> probe().put(lease.handle(), KEY, "too late"))
                .hasMessageContaining("CheckoutTest.paysOnce")
                .hasMessageContaining("the test has ended");
        assertThatThrownBy(() -> probe().read(lease.handle())).hasMessageContaining("CheckoutTest.paysOnce");
        assertThatThrownBy(() -> probe().client(lease.handle())).hasMessageContaining("CheckoutTest.paysOnce");
    }

    @Test
    void aLeakedClientCannotReachTheNextLease() throws Exception {
        var pool = bench(1).pool();
        Lease<H> ended = pool.lease("ForgetfulTest.leavesItOpen");
        Probe.Client leaked = probe().client(ended.handle());
        leaked.put(KEY, "in time");
        ended.close();

        try (Lease<H> next = pool.lease("the next test")) {
            assertThatThrownBy(() -> leaked.put(KEY, "too late")).hasMessageContaining("ForgetfulTest.leavesItOpen");
            leaked.close();
            assertThat(probe().read(next.handle())).isEmpty();
            probe().put(next.handle(), KEY, "of the next");
            assertThat(probe().read(next.handle())).containsExactly(entry(KEY, "of the next"));
        }
    }
}
