package dev.isolated.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.contract.Captured;
import dev.isolated.contract.InMemory;
import dev.isolated.contract.InMemoryService;
import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.LeaseEndedException;
import dev.isolated.error.LeaseTimeoutException;
import dev.isolated.error.NoRoomException;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PoolTest {

    private final InMemoryService service = new InMemoryService(true);
    private final ExecutorService executor = Executors.newCachedThreadPool();

    @AfterEach
    void stopThreads() {
        executor.shutdownNow();
    }

    @Test
    void aPoolThatTheServerCannotHoldIsRefusedWithTheArithmetic() {
        assertThatThrownBy(() -> bench(65, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("Could not open a pool of 65 slices on memory 1 (test, localhost:1): expected"
                        + " isolated.environments.max to be at most 64, what the server can hold, but found"
                        + " isolated.environments.max = 65. What to do: lower it, choose a smaller profile, or give the server"
                        + " more room.");
    }

    @Test
    void slicesAreMadeAheadOfTheTestsAndMetersTellHitsFromMisses() {
        try (var bench = bench(3, Map.of("isolated.lease.warm", "1"))) {
            bench.awaitRest();
            assertThat(bench.pool().status()).isEqualTo(new PoolStatus(1, 1, 0, 0, 3));

            Lease<InMemory> hit = bench.pool().lease("a hit");
            bench.pool().lease("one more").close();
            assertThat(gauge(bench, "leased")).isEqualTo(1);
            assertThat(timed(bench, "isolated.lease.acquired", "outcome", "hit"))
                    .isGreaterThanOrEqualTo(1);
            assertThat(timed(bench, "isolated.lease.acquired")).isEqualTo(2);
            hit.close();

            assertThat(timed(bench, "isolated.lease.held")).isEqualTo(2);
            assertThat(timed(bench, "isolated.slice.reset")).isEqualTo(2);
            bench.awaitRest();
            assertThat(gauge(bench, "size")).isEqualTo(bench.slices().existing());
            assertThat(gauge(bench, "ready")).isEqualTo(bench.slices().existing());
            assertThat(gauge(bench, "waiting")).isZero();
            assertThat(timed(bench, "isolated.slice.created"))
                    .isEqualTo(bench.slices().created());
        }
    }

    @Test
    void aColdPoolMissesAndGaugesGoWithThePool() {
        Bench<InMemory> bench = bench(1, Map.of("isolated.lease.warm", "0"));
        try (bench) {
            bench.pool().lease("a miss").close();
            assertThat(timed(bench, "isolated.lease.acquired", "outcome", "miss"))
                    .isEqualTo(1);
            assertThat(timed(bench, "isolated.lease.acquired", "outcome", "hit"))
                    .isZero();
        }
        assertThat(bench.registry().find("isolated.pool.size").gauge()).isNull();
    }

    @Test
    void aCreationThatFailsIsTriedAgainWhileSomebodyWaits() throws Exception {
        try (var bench = bench(2, Map.of("isolated.lease.warm", "0"))) {
            Lease<InMemory> held = bench.pool().lease("HoldsOneTest.forLong");
            bench.slices().failNextCreation(new IllegalStateException("out of luck"));

            bench.pool().lease("WaitsTest.forTheOther").close();

            assertThat(bench.slices().created()).isEqualTo(2);
            held.close();
        }
    }

    @Test
    void whereOthersHaveAllThatThereIsATestGoesOnWaiting() {
        try (var bench = bench(1, Map.of("isolated.lease.warm", "0"))) {
            bench.slices()
                    .failNextCreation(new NoRoomException(Explanation.couldNot("make a map")
                            .found("that others have all")
                            .next("wait")));

            bench.pool().lease("PatientTest.waits").close();

            assertThat(bench.slices().created()).isEqualTo(1);
            assertThat(bench.counted("isolated.slice.failures")).isZero();
        }
    }

    @Test
    void slicesThatFailOneAfterTheOtherAreNotTriedForLongerThanATestMayWait() {
        var now = new AtomicLong();
        var tried = new AtomicInteger();
        try (var bench = bench(4, Map.of("isolated.lease.warm", "0"), now::get)) {
            List<Lease<InMemory>> all = Stream.generate(() -> bench.pool().lease("FirstTest.ends"))
                    .limit(4)
                    .toList();
            all.forEach(Lease::close);
            bench.slices().beforeAwaiting(() -> {
                tried.incrementAndGet();
                now.addAndGet(Duration.ofSeconds(15).toNanos());
                throw new IllegalStateException("no answer");
            });
            assertThatThrownBy(() -> bench.pool().lease("NextTest.waits"))
                    .isInstanceOf(LeaseTimeoutException.class)
                    .hasMessageContaining("NextTest.waits")
                    .hasMessageContaining("within 20000 ms");
            assertThat(tried).as("two take longer than 20 s").hasValue(2);
            bench.slices().beforeAwaiting(() -> {});
        }
    }

    @Test
    void whoMayNotWaitGetsWhatIsReady() {
        try (var bench = bench(1, Map.of("isolated.lease.timeout", "0ms"))) {
            bench.awaitRest();
            bench.pool().lease("a test").close();
        }
    }

    @Test
    void closingALeaseTwiceGivesItsSliceBackOnce() {
        try (var bench = bench(1, Map.of())) {
            Lease<InMemory> lease = bench.pool().lease("the first");
            lease.close();
            Lease<InMemory> next = bench.pool().lease("the second");
            lease.close();

            next.handle().put("key", "value");
            assertThat(bench.pool().status().leased()).isEqualTo(1);
            assertThat(next).hasToString("the second holds " + next.handle().name());
            next.close();
        }
    }

    @Test
    void closingThePoolReportsOpenLeasesAndCutsThemOff() {
        Bench<InMemory> bench = bench(2, Map.of());
        Lease<InMemory> open = bench.pool().lease("ForgetfulTest.keepsIt");
        try (var log = new Captured("dev.isolated.lease")) {
            bench.pool().close();
            assertThat(log.lines(Level.WARNING))
                    .singleElement()
                    .asString()
                    .startsWith("possible leak: ForgetfulTest.keepsIt");
        }
        assertThatThrownBy(() -> open.handle().read()).isInstanceOf(LeaseEndedException.class);
        assertThatThrownBy(() -> bench.pool().lease("LateTest.comes"))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("lease a slice of memory for LateTest.comes")
                .hasMessageContaining("the run has ended and its pools are closed");
        bench.close();
    }

    @Test
    void aResetThatFailsWhileThePoolClosesKeepsNothingElseFromClosing() {
        Bench<InMemory> bench = bench(3, Map.of());
        bench.pool().lease("the first");
        bench.pool().lease("the second");
        bench.slices().failNextReset(new IllegalStateException("beyond repair"));
        try (var log = new Captured("dev.isolated.lease")) {
            bench.pool().close();
            assertThat(log.thrown(Level.WARNING))
                    .anySatisfy(it -> assertThat(it)
                            .isInstanceOf(IsolationException.class)
                            .hasMessageContaining("beyond repair"));
        }
        bench.close();
    }

    @Test
    void aPoolThatClosesWaitsForWhoIsGivingASliceBack() throws Exception {
        Bench<InMemory> bench = bench(1, Map.of());
        Lease<InMemory> lease = bench.pool().lease("SlowTest.givesBack");
        var resetting = new CompletableFuture<Boolean>();
        var proceed = new CompletableFuture<Boolean>();
        bench.slices().beforeNextReset(() -> {
            resetting.complete(true);
            proceed.join();
        });
        Future<?> givingBack = executor.submit(lease::close);
        resetting.get(5, TimeUnit.SECONDS);

        var log = new Captured("dev.isolated.lease");
        Future<?> closing = executor.submit(bench.pool()::close);
        await().during(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(bench.slices().closed()).isFalse());
        proceed.complete(true);
        givingBack.get(5, TimeUnit.SECONDS);
        closing.get(5, TimeUnit.SECONDS);
        log.close();
        assertThat(log.lines(Level.WARNING))
                .as("what is being given back is no leak")
                .isEmpty();
        bench.close();
    }

    @Test
    void whoWaitsWhenThePoolClosesIsToldSo() {
        Bench<InMemory> bench = bench(1, Map.of());
        bench.pool().lease("the holder");
        Future<?> waiting = executor.submit(() -> bench.pool().lease("PatientTest.waits"));
        await().until(() -> bench.pool().status().waiting() == 1);
        try (var log = new Captured("dev.isolated.lease")) {
            bench.pool().close();
            assertThat(log.lines(Level.WARNING)).hasSize(1);
        }
        assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("for PatientTest.waits")
                .hasMessageContaining("the run has ended");
        bench.close();
    }

    @Test
    void anInterruptedWaiterIsToldSoAndLeavesTheQueue() throws Exception {
        try (var bench = bench(1, Map.of())) {
            Lease<InMemory> held = bench.pool().lease("the holder");
            Future<Boolean> waiting = executor.submit(() -> {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> bench.pool().lease("HastyTest.isInterrupted"))
                        .isInstanceOf(LeaseTimeoutException.class)
                        .hasMessageContaining("lease a slice of memory for HastyTest.isInterrupted")
                        .hasMessageContaining("the waiting thread was interrupted")
                        .hasCauseInstanceOf(InterruptedException.class);
                return Thread.interrupted();
            });
            assertThat(waiting.get(5, TimeUnit.SECONDS))
                    .as("that the thread stays interrupted")
                    .isTrue();
            assertThat(bench.pool().status().waiting()).isZero();
            held.close();
        }
    }

    @Test
    void aWaiterThatIsInterruptedAsItIsServedLosesNoSlice() throws Exception {
        try (var bench = bench(1, Map.of())) {
            var outcomes = new AtomicInteger();
            for (int round = 0; round < 1_000; round++) {
                Lease<InMemory> held = bench.pool().lease("the holder");
                var waiter = new Thread(() -> {
                    try (Lease<InMemory> lease = bench.pool().lease("the waiter")) {
                        lease.handle().put("key", "value");
                        outcomes.incrementAndGet();
                    } catch (LeaseTimeoutException e) {
                        outcomes.incrementAndGet();
                    }
                });
                waiter.start();
                while (bench.pool().status().waiting() == 0) {
                    Thread.onSpinWait();
                }
                var interrupter = new Thread(waiter::interrupt);
                interrupter.start();
                held.close();
                interrupter.join();
                waiter.join();
            }
            assertThat(outcomes)
                    .as("waiters that were served or told of the interruption")
                    .hasValue(1_000);
            assertThat(bench.pool().status()).isEqualTo(new PoolStatus(1, 1, 0, 0, 1));
        }
    }

    @Test
    void theDeathOfTheServerIsNamedToNewTestsAndInFailures() {
        Bench<InMemory> bench = bench(1, Map.of());
        Lease<InMemory> held = bench.pool().lease("the holder");
        service.die("its process ended with status 137");

        assertThatThrownBy(() -> bench.pool().lease("LaterTest.comes"))
                .isInstanceOf(IsolationException.class)
                .hasMessage(
                        "Could not lease a slice of memory for LaterTest.comes: expected memory 1 (test, localhost:1) to"
                                + " be running, but found its process ended with status 137. What to do: see the server's log for why"
                                + " it ended.");
        bench.slices().failNextReset(new IllegalStateException("broken pipe"));
        assertThatThrownBy(held::close)
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("broken pipe; the server is gone: its process ended with status 137");
        bench.close();
    }

    @Test
    void aHandleThatCannotBeGivenIsAFailureAndItsSliceIsReplaced() {
        try (var bench = bench(1, Map.of())) {
            bench.slices().failNextHandOut(new IllegalStateException("no credentials"));
            assertThatThrownBy(() -> bench.pool().lease("UnluckyTest.first"))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("hand out map ")
                    .hasMessageContaining("to UnluckyTest.first")
                    .hasMessageContaining("no credentials");
            bench.pool().lease("LuckyTest.next").close();
            assertThat(bench.slices().created()).isEqualTo(2);
        }
    }

    @Test
    void anErrorInTheBackgroundReachesWhoWaits() {
        try (var bench = bench(1, Map.of("isolated.lease.warm", "0"))) {
            var error = new NoClassDefFoundError("org/example/Driver");
            bench.slices().failNextCreation(error);
            assertThatThrownBy(() -> bench.pool().lease("UnluckyTest.first"))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("NoClassDefFoundError: org/example/Driver")
                    .hasRootCause(error);
            bench.pool().lease("LuckyTest.next").close();
        }
    }

    @Test
    void aTimeOutCarriesTheLastFailureInTheBackground() {
        try (var bench = bench(2, Map.of("isolated.lease.warm", "0", "isolated.lease.timeout", "100ms"))) {
            var failure = new IllegalStateException("disk full");
            try (Lease<InMemory> held = bench.pool().lease("the holder")) {
                bench.slices().failNextCreation(failure);
                assertThatThrownBy(() -> bench.pool().lease("HungryTest.waits"))
                        .isInstanceOf(LeaseTimeoutException.class)
                        .hasMessageContaining("held by: " + held.holder())
                        .hasRootCause(failure);
            }
        }
    }

    @Test
    void whatADeadRunLeftIsRemovedBeforeAnybodyAsks() {
        service.connect(
                        service.server(),
                        new Plan(
                                InMemoryService.MODE,
                                List.of(),
                                Settings.builder().build(),
                                "deadbeef"))
                .create(1);
        assertThat(service.slices()).containsExactly("map deadbeef_1");
        service.crash("deadbeef");
        try (var log = new Captured("dev.isolated.lease");
                var bench = bench(1, Map.of())) {
            await().until(() -> !service.slices().contains("map deadbeef_1"));
            bench.pool().lease("a test").close();
            await().untilAsserted(() -> assertThat(log.lines(Level.INFO))
                    .containsExactly(
                            "removed map deadbeef_1 of a run that has ended from memory 1 (test, localhost:1)"));
        }
    }

    private Bench<InMemory> bench(int most, Map<String, String> more) {
        return bench(most, more, System::nanoTime);
    }

    private Bench<InMemory> bench(int most, Map<String, String> more, LongSupplier nanoTime) {
        var texts = new TreeMap<>(more);
        texts.put("isolated.environments.max", Integer.toString(most));
        texts.putIfAbsent("isolated.lease.timeout", "20s");
        return Bench.open(
                service,
                service.server(),
                InMemoryService.MODE,
                Settings.builder().layer("test", texts).build(),
                nanoTime);
    }

    private static double gauge(Bench<?> bench, String name) {
        return bench.registry()
                .get("isolated.pool." + name)
                .tag("service", "memory")
                .gauge()
                .value();
    }

    private static long timed(Bench<?> bench, String name, String... tags) {
        return bench.registry().get(name).tags(tags).timers().stream()
                .mapToLong(timer -> timer.count())
                .sum();
    }
}
