package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Tests' code that blocks the threads which bring answers holds up tests, and not the library. */
class RedisCallbackTest {

    private static final int THREADS = Math.max(2, Runtime.getRuntime().availableProcessors());

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger blocked = new AtomicInteger();

    @Test
    void aRunShowsThatItLivesWhileItsTestsBlockTheirCallbacks() {
        try (Server server = RedisServers.bundled();
                Slices<Redis> slices = RedisServers.slices(server, Bench.newRun())) {
            Slice<Redis> slice = slices.create(1);
            Redis redis = slice.handOut(new Tenant("BlockingTest.blocks"));
            for (int i = 0; i < THREADS; i++) {
                block(redis.client().connect());
            }
            try {
                await().until(() -> blocked.get() == THREADS);

                assertThatCode(slices::leftovers).doesNotThrowAnyException();
            } finally {
                release.countDown();
                slice.destroy();
            }
        }
    }

    /** What is to be done with an answer is said before the question is sent. */
    private void block(StatefulRedisConnection<String, String> connection) {
        connection.setAutoFlushCommands(false);
        var unused = connection.async().ping().thenRun(this::hold);
        connection.flushCommands();
        connection.setAutoFlushCommands(true);
    }

    private void hold() {
        blocked.incrementAndGet();
        try {
            release.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
