package dev.isolated.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.error.IsolationException;
import dev.isolated.error.LeaseTimeoutException;
import dev.isolated.lease.Lease;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * The part of the contract about waiting for a slice, and what a subclass provides.
 *
 * @param <H> the handle that a test receives
 */
public abstract class WaitingContract<H> {

    private final List<Bench<H>> benches = new ArrayList<>();

    /** The service under contract. */
    protected abstract Service<H> service();

    /** A running server; the contract does not close it. */
    protected abstract Server server();

    protected abstract Probe<H> probe();

    /** The isolation mode to be held to the contract. */
    protected String mode() {
        return service().modes().get(0);
    }

    /** Settings that the service needs, by key; the contract adds those about leases. */
    protected Map<String, String> settings() {
        return Map.of();
    }

    /** Where slices get servers from that they have for themselves; such slices end with their owner. */
    protected OwnServers ownServers() {
        return OwnServers.NONE;
    }

    Plan plan(Settings settings, String run) {
        return new Plan(mode(), List.of(), settings, run, ownServers());
    }

    /** How many leases one after the other show that none leaves anything; fewer where each takes the server long. */
    protected int leases() {
        return 200;
    }

    /** How long a test may wait for slices; more where making one takes the server long. */
    protected Duration patience() {
        return Duration.ofSeconds(20);
    }

    /** Closes what the test has opened, which checks that everything is back in its place. */
    @AfterEach
    void nothingIsLeftBehind() {
        benches.forEach(Bench::close);
    }

    @Test
    void exhaustionWaitsAndThenExplains() {
        Bench<H> bench = bench(1, Map.of(Keys.LEASE_TIMEOUT.name(), "150ms"));
        bench.awaitRest();
        try (Lease<H> held = bench.pool().lease("GreedyTest.keepsIt")) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> bench.pool().lease("HungryTest.waits"))
                    .isInstanceOf(LeaseTimeoutException.class)
                    .hasMessageContaining("lease a slice of " + service().name() + " for HungryTest.waits")
                    .hasMessageContaining("one of 1 within 150 ms")
                    .hasMessageContaining("1 leased, 0 ready, 0 being prepared, 0 more waiting")
                    .hasMessageMatching("(?s).*held by: GreedyTest\\.keepsIt for \\d+ ms \\(this very thread.*")
                    .hasMessageContaining("What to do: close what is held too long")
                    .hasMessageContaining(Keys.LEASE_TIMEOUT.name());
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(150));
            assertThat(held.holder()).isEqualTo("GreedyTest.keepsIt");
        }
        assertThat(bench.counted("isolated.lease.timeouts")).isEqualTo(1);
    }

    @Test
    void waitersAreServedInTheOrderInWhichTheyCame() throws Exception {
        var pool = bench(1).pool();
        var served = new CopyOnWriteArrayList<String>();
        ExecutorService executor = Executors.newCachedThreadPool();
        try {
            Lease<H> first = pool.lease("the first");
            var waiting = new ArrayList<Future<?>>();
            for (int i = 1; i <= 5; i++) {
                String name = "waiter " + i;
                waiting.add(executor.submit(() -> {
                    try (Lease<H> lease = pool.lease(name)) {
                        served.add(lease.holder());
                    }
                }));
                int queued = i;
                await().pollDelay(Duration.ZERO)
                        .pollInterval(Duration.ofMillis(1))
                        .until(() -> pool.status().waiting() == queued);
            }
            assertThat(served).isEmpty();
            first.close();
            for (Future<?> each : waiting) {
                each.get(patience().toSeconds(), TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(served).containsExactly("waiter 1", "waiter 2", "waiter 3", "waiter 4", "waiter 5");
    }

    @Test
    void aFailedCreationIsToldToWhoWaitsAndTheNextLeaseWorks() throws Exception {
        Bench<H> bench = bench(1, Map.of(Keys.LEASE_WARM.name(), "0"));
        var failure = new IllegalStateException("no room on the disk");
        bench.slices().failNextCreation(failure);

        assertThatThrownBy(() -> bench.pool().lease("UnluckyTest.comesFirst"))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("lease a slice of " + service().name() + " for UnluckyTest.comesFirst")
                .hasMessageContaining("no room on the disk")
                .hasRootCause(failure);
        try (Lease<H> lease = bench.pool().lease("LuckyTest.comesNext")) {
            probe().put(lease.handle(), "key", "value");
        }
        assertThat(bench.counted("isolated.slice.failures")).isEqualTo(1);
    }

    /** A pool of that size; closed and checked after the test. */
    Bench<H> bench(int most) {
        return bench(most, Map.of());
    }

    Bench<H> bench(int most, Map<String, String> more) {
        Bench<H> bench = openBench(most, more);
        benches.add(bench);
        return bench;
    }

    /** A pool of that size, which the caller closes. */
    Bench<H> openBench(int most) {
        return openBench(most, Map.of());
    }

    Settings settings(Map<String, String> more) {
        var texts = new TreeMap<>(settings());
        texts.put(Keys.LEASE_TIMEOUT.name(), patience().toSeconds() + "s");
        texts.putAll(more);
        return Settings.builder()
                .declare(service().keys())
                .layer("contract", texts)
                .build();
    }

    private Bench<H> openBench(int most, Map<String, String> more) {
        var texts = new TreeMap<>(more);
        texts.put(Keys.ENVIRONMENTS_MAX.name(), Integer.toString(most));
        return Bench.open(service(), server(), plan(settings(texts), Bench.newRun()), System::nanoTime);
    }
}
