package dev.isolated.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Captured;
import dev.isolated.contract.OwnThread;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** What is swept, how often, what is said of it, and that it ends with the pool. */
class SweepTest {

    private static final Server SERVER = new Server(
            "memory",
            "external",
            "1",
            Endpoint.plain("localhost", 1, "nobody", Secret.of("")),
            Tenure.FOREIGN,
            Hold.NONE);

    private final Rubbish rubbish = new Rubbish();

    @Test
    void whatIsLeftWhileThePoolIsOpenIsRemovedToo() {
        try (Captured log = new Captured("dev.isolated.lease");
                Pool<String> pool = pool()) {
            await().until(() -> rubbish.looks() > 0);
            assertThat(log.lines(Level.INFO)).isEmpty();
            rubbish.leave("a map", () -> {});

            await().until(() -> rubbish.names().isEmpty());
            await().untilAsserted(
                            () -> assertThat(log.lines(Level.INFO)).containsExactly("removed a map from " + SERVER));
            assertThat(pool.status().size()).isZero();
        }
    }

    @Test
    void whatCannotBeRemovedIsToldOnceAndTriedAgain() {
        rubbish.leave("a stubborn map", () -> {
            throw new IllegalStateException("somebody holds on to it");
        });
        try (Captured log = new Captured("dev.isolated.lease")) {
            var sweep = new Sweep(rubbish, SERVER, later());
            for (int i = 0; i < 3; i++) {
                sweep.run();
            }

            assertThat(rubbish.looks()).isEqualTo(3);
            assertThat(log.lines(Level.WARNING)).containsExactly("could not remove a stubborn map from " + SERVER);
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsToldOnceUntilItAnswersAgain() {
        try (Captured log = new Captured("dev.isolated.lease")) {
            var sweep = new Sweep(rubbish, SERVER, later());
            rubbish.answer(false);
            sweep.run();
            sweep.run();
            assertThat(log.lines(Level.WARNING)).containsExactly("could not look for leftovers on " + SERVER);

            rubbish.answer(true);
            sweep.run();
            rubbish.answer(false);
            sweep.run();
            assertThat(log.lines(Level.WARNING)).hasSize(2);
        }
    }

    @Test
    void aPoolThatClosesAwaitsTheRemovalThatIsUnderWayAndBeginsNoOther() throws Exception {
        var begun = new CompletableFuture<Void>();
        var mayEnd = new CompletableFuture<Void>();
        rubbish.leave("the first", () -> {
            begun.complete(null);
            mayEnd.join();
        });
        rubbish.leave("the second", () -> {});
        Pool<String> pool = pool();
        begun.get(5, TimeUnit.SECONDS);

        CompletableFuture<Void> closing = OwnThread.run(pool::close);
        await().until(SweepTest::someoneAwaitsTheBackground);
        assertThat(rubbish.closed()).isFalse();
        mayEnd.complete(null);
        closing.get(5, TimeUnit.SECONDS);

        assertThat(rubbish.closed()).isTrue();
        assertThat(rubbish.names()).isEqualTo(List.of("the second"));
        int looks = rubbish.looks();
        var stopped = new Sweep(rubbish, SERVER, later());
        stopped.stop();
        stopped.run();
        assertThat(rubbish.looks()).isEqualTo(looks);
    }

    @Test
    void anOwnerThatComesBackInTimeKeepsWhatItHas() {
        var now = new AtomicLong();
        var sweep = new Sweep(rubbish, SERVER, now::get);
        rubbish.leave("a map", () -> {});
        sweep.run();
        now.addAndGet(Duration.ofMillis(1_999).toNanos());
        sweep.run();
        assertThat(rubbish.names()).containsExactly("a map");

        now.addAndGet(Duration.ofMillis(1).toNanos());
        sweep.run();
        assertThat(rubbish.names()).isEmpty();
    }

    /** A clock that is asked every ten seconds. */
    private static LongSupplier later() {
        var now = new AtomicLong();
        return () -> now.addAndGet(Duration.ofSeconds(10).toNanos());
    }

    /** The sweep is stopped before the pool begins to wait for what runs in the background. */
    private static boolean someoneAwaitsTheBackground() {
        return Thread.getAllStackTraces().entrySet().stream()
                .filter(thread -> thread.getKey().getState() == Thread.State.TIMED_WAITING)
                .anyMatch(thread -> List.of(thread.getValue()).toString().contains("Background.close"));
    }

    private Pool<String> pool() {
        var settings = Settings.builder()
                .layer("test", Map.of("isolated.lease.warm", "0"))
                .build();
        var plan = new Plan("NONE", List.of(), settings, "deadbeef");
        return new Pool<>(SERVER, rubbish, plan, new SimpleMeterRegistry(), System::nanoTime);
    }
}
