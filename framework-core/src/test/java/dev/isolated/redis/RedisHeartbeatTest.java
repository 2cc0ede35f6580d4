package dev.isolated.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Captured;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** Signs of life are given until they are ended, whatever happens to one of them. */
class RedisHeartbeatTest {

    private static final Server SERVER = new Server(
            "redis", "test", "", Endpoint.plain("localhost", 1, "default", Secret.of("")), Tenure.FOREIGN, Hold.NONE);
    private static final Duration PAUSE = Duration.ofMillis(1);

    @Test
    void anErrorEndsNoneAndEachOutageIsToldOnce() {
        var count = new AtomicInteger();
        try (var log = new Captured("dev.isolated.redis")) {
            Heartbeat heartbeat = Heartbeat.begin(SERVER, PAUSE, Heartbeat.sign(() -> fail(count.incrementAndGet())));
            await().until(() -> count.get() > 8);
            heartbeat.end();
            assertThat(log.lines(Level.WARNING))
                    .hasSize(2)
                    .allMatch(
                            line -> line.startsWith(
                                    "after 8 s without a sign of life others may take this run's databases; one did not reach redis (test, localhost:1)"));
        }
    }

    @Test
    void whatFailsKeepsNothingElseFromBeingDone() {
        var count = new AtomicInteger();
        try (var log = new Captured("dev.isolated.redis")) {
            Heartbeat heartbeat = Heartbeat.begin(
                    SERVER,
                    PAUSE,
                    new Heartbeat.Beat(() -> fail(2), "another task failed on "),
                    Heartbeat.sign(count::incrementAndGet));
            await().until(() -> count.get() > 2);
            heartbeat.end();
            assertThat(log.lines(Level.WARNING))
                    .singleElement()
                    .asString()
                    .startsWith("another task failed on redis (test, localhost:1)");
        }
    }

    /** The second to the fourth, and the sixth. */
    private static void fail(int number) {
        if (List.of(2, 3, 4).contains(number)) {
            throw new StackOverflowError("of a test");
        }
        if (number == 6) {
            throw new IllegalStateException("of a test");
        }
    }

    @Test
    void theLastOneIsOverWhenTheyHaveEnded() throws Exception {
        var begun = new CountDownLatch(1);
        var over = new AtomicBoolean();
        try (var log = new Captured("dev.isolated.redis")) {
            Heartbeat heartbeat = Heartbeat.begin(SERVER, PAUSE, Heartbeat.sign(() -> {
                try {
                    begun.countDown();
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    over.set(true);
                    throw new IllegalStateException("interrupted", e);
                }
            }));
            begun.await();
            heartbeat.end();
            assertThat(over).isTrue();
            assertThat(log.lines(Level.WARNING)).isEmpty();
        }
    }
}
