package dev.isolated.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.lease.Pool;
import dev.isolated.lease.PoolStatus;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * A pool for one test, over slices that can be made to fail. Closing it checks what must hold after every test: nothing
 * is leased, nobody waits, every slice is ready, and then every slice is gone.
 *
 * @param run the run's name on the server
 */
public record Bench<H>(Pool<H> pool, FaultySlices<H> slices, SimpleMeterRegistry registry, String run)
        implements AutoCloseable {

    private static final Duration REST = Duration.ofSeconds(60);

    public static <H> Bench<H> open(Service<H> service, Server server, String mode, Settings settings) {
        return open(service, server, mode, settings, System::nanoTime);
    }

    public static <H> Bench<H> open(
            Service<H> service, Server server, String mode, Settings settings, LongSupplier nanoTime) {
        return open(service, server, new Plan(mode, List.of(), settings, newRun()), nanoTime);
    }

    public static <H> Bench<H> open(Service<H> service, Server server, Plan plan, LongSupplier nanoTime) {
        var slices = new FaultySlices<>(service.connect(server, plan));
        var registry = new SimpleMeterRegistry();
        var pool = new Pool<>(server, slices, plan, registry, nanoTime);
        return new Bench<>(pool, slices, registry, plan.run());
    }

    /** A name for a run that no other has. */
    public static String newRun() {
        return HexFormat.of().toHexDigits(new SecureRandom().nextInt());
    }

    /** How many times a counter has counted. */
    public double counted(String counter) {
        return registry.get(counter).counter().count();
    }

    /** Waits until what happens in the background has happened. */
    public void awaitRest() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .atMost(REST)
                .untilAsserted(() -> {
                    PoolStatus now = pool.status();
                    assertThat(now)
                            .as(
                                    "a pool at rest: all slices ready, no lease, no waiter, none on the server beside these")
                            .isEqualTo(new PoolStatus(slices.existing(), now.size(), 0, 0, now.most()));
                });
    }

    @Override
    public void close() {
        try {
            awaitRest();
        } finally {
            pool.close();
        }
        assertThat(pool.status())
                .as("a closed pool")
                .isEqualTo(new PoolStatus(0, 0, 0, 0, pool.status().most()));
        assertThat(slices.existing())
                .as("slices that were made and not destroyed")
                .isZero();
        assertThat(slices.closed()).as("that the slices were closed").isTrue();
    }
}
