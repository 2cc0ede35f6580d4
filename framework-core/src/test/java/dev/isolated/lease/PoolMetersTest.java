package dev.isolated.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.Bench;
import dev.isolated.contract.InMemory;
import dev.isolated.contract.InMemoryService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What pools that share a registry tell it. */
class PoolMetersTest {

    private final InMemoryService service = new InMemoryService(true);
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @ParameterizedTest
    @ValueSource(strings = {"size", "ready", "leased", "waiting"})
    void everyPoolOfAServerHasAGaugeOfItsOwn(String name) {
        try (Pool<InMemory> first = pool("ONE");
                Pool<InMemory> second = pool("ONE");
                Pool<InMemory> other = pool("OTHER")) {
            assertThat(List.of(first, second, other))
                    .allSatisfy(pool -> pool.lease("a test").close());
            assertThat(gauges(name))
                    .extracting(gauge -> gauge.getId().getTag("mode"))
                    .containsExactlyInAnyOrder("ONE", "ONE", "OTHER");
        }
        assertThat(gauges(name)).isEmpty();
    }

    @Test
    void aGaugeIsThatOfItsPoolAndGoesWithItAlone() {
        try (Pool<InMemory> one = pool("ONE")) {
            try (Pool<InMemory> other = pool("OTHER");
                    Lease<InMemory> lease = other.lease("a test")) {
                assertThat(lease.handle()).isNotNull();
                assertThat(leased("OTHER")).isEqualTo(1);
                assertThat(leased("ONE")).isZero();
            }
            assertThat(one.status().leased()).isZero();
            assertThat(gauges("leased"))
                    .singleElement()
                    .satisfies(gauge -> assertThat(gauge.getId().getTag("mode")).isEqualTo("ONE"));
        }
    }

    @Test
    void whatIsCountedIsCountedForEachMode() {
        try (Pool<InMemory> one = pool("ONE");
                Pool<InMemory> other = pool("OTHER")) {
            one.lease("a test").close();
            other.lease("a test").close();
            other.lease("a test").close();
        }
        assertThat(registry.get("isolated.lease.held")
                        .tag("mode", "ONE")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("isolated.lease.held")
                        .tag("mode", "OTHER")
                        .timer()
                        .count())
                .isEqualTo(2);
    }

    private Pool<InMemory> pool(String mode) {
        var settings = Settings.builder()
                .layer("test", Map.of("isolated.environments.max", "2", "isolated.lease.warm", "0"))
                .build();
        var plan = new Plan(mode, List.of(), settings, Bench.newRun());
        return new Pool<>(service.server(), service.connect(service.server(), plan), plan, registry, System::nanoTime);
    }

    private List<Gauge> gauges(String name) {
        return List.copyOf(registry.find("isolated.pool." + name).gauges());
    }

    private double leased(String mode) {
        return registry.get("isolated.pool.leased").tag("mode", mode).gauge().value();
    }
}
