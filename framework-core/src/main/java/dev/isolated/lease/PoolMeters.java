package dev.isolated.lease;

import dev.isolated.spi.Server;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** A pool's meters, all under {@code isolated.} and tagged with the service; gauges, which cannot be shared, also with the server. Thread-safe. */
final class PoolMeters {

    final Timer hit;
    final Timer miss;
    final Timer held;
    final Timer created;
    final Timer reset;
    final Counter timeouts;
    final Counter failures;
    final Counter leaks;

    private final MeterRegistry registry;
    private final List<Gauge> gauges;

    PoolMeters(MeterRegistry registry, Server server, Pool<?> pool) {
        this.registry = registry;
        String service = server.service();
        hit = lease(registry, service, "hit");
        miss = lease(registry, service, "miss");
        held = registry.timer("isolated.lease.held", "service", service);
        created = registry.timer("isolated.slice.created", "service", service);
        reset = registry.timer("isolated.slice.reset", "service", service);
        timeouts = registry.counter("isolated.lease.timeouts", "service", service);
        failures = registry.counter("isolated.slice.failures", "service", service);
        leaks = registry.counter("isolated.lease.leaks", "service", service);
        gauges = List.of(
                gauge("size", server, pool, PoolStatus::size),
                gauge("ready", server, pool, PoolStatus::ready),
                gauge("leased", server, pool, PoolStatus::leased),
                gauge("waiting", server, pool, PoolStatus::waiting));
    }

    /** Gauges hold on to the pool; they go with it. */
    void close() {
        gauges.forEach(registry::remove);
    }

    private static Timer lease(MeterRegistry registry, String service, String outcome) {
        return registry.timer("isolated.lease.acquired", "service", service, "outcome", outcome);
    }

    private Gauge gauge(String name, Server server, Pool<?> pool, ToDoubleFunction<PoolStatus> figure) {
        return Gauge.builder(
                        "isolated.pool." + name,
                        pool,
                        (@Nullable Pool<?> it) -> it == null ? 0 : figure.applyAsDouble(it.status()))
                .tag("service", server.service())
                .tag("server", server.endpoint().address())
                .register(registry);
    }
}
