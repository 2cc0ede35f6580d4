package dev.isolated.lease;

import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A pool's meters, all under {@code isolated.} and tagged with the service and its mode; gauges, which cannot be shared, also
 * with the server and the run, which names the pool. Tags are handed over as {@link Iterable}, which every version of
 * Micrometer takes. Thread-safe.
 */
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

    PoolMeters(MeterRegistry registry, Server server, Plan plan, Pool<?> pool) {
        this.registry = registry;
        Tags tags = Tags.of("service", server.service(), "mode", plan.mode());
        hit = timer("isolated.lease.acquired", tags.and("outcome", "hit"));
        miss = timer("isolated.lease.acquired", tags.and("outcome", "miss"));
        held = timer("isolated.lease.held", tags);
        created = timer("isolated.slice.created", tags);
        reset = timer("isolated.slice.reset", tags);
        timeouts = counter("isolated.lease.timeouts", tags);
        failures = counter("isolated.slice.failures", tags);
        leaks = counter("isolated.lease.leaks", tags);
        Tags own = tags.and("server", server.endpoint().address(), "run", plan.run());
        gauges = List.of(
                gauge("size", own, pool, PoolStatus::size),
                gauge("ready", own, pool, PoolStatus::ready),
                gauge("leased", own, pool, PoolStatus::leased),
                gauge("waiting", own, pool, PoolStatus::waiting));
    }

    /** Gauges hold on to the pool; they go with it. */
    void close() {
        gauges.forEach(registry::remove);
    }

    private Timer timer(String name, Iterable<Tag> tags) {
        return registry.timer(name, tags);
    }

    private Counter counter(String name, Iterable<Tag> tags) {
        return registry.counter(name, tags);
    }

    private Gauge gauge(String name, Iterable<Tag> tags, Pool<?> pool, ToDoubleFunction<PoolStatus> figure) {
        return Gauge.builder(
                        "isolated.pool." + name,
                        pool,
                        (@Nullable Pool<?> it) -> it == null ? 0 : figure.applyAsDouble(it.status()))
                .tags(tags)
                .register(registry);
    }
}
