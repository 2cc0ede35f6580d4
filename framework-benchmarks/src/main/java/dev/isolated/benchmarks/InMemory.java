package dev.isolated.benchmarks;

import dev.isolated.environment.Catalog;
import dev.isolated.lease.Pool;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import dev.isolated.spi.Tenure;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;

/** Slices that are nothing but a number: what remains is the pool. */
final class InMemory implements Slices<Integer> {

    private final int capacity;

    private InMemory(int capacity) {
        this.capacity = capacity;
    }

    /** A pool of {@code size} such slices, metered as in a real run. */
    static Pool<Integer> pool(int size) {
        String most = Integer.toString(size);
        var settings = Catalog.found()
                .settings(Map.of(Keys.ENVIRONMENTS_MAX.name(), most, Keys.LEASE_WARM.name(), most), Map.of());
        var endpoint = Endpoint.plain("", 0, "", Secret.of(""));
        var server = new Server("memory", "benchmark", "1", endpoint, Tenure.RUN, Hold.NONE);
        var plan = new Plan("NUMBER", List.of(), settings, "benchmark");
        return new Pool<>(server, new InMemory(size), plan, new SimpleMeterRegistry(), System::nanoTime);
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Slice<Integer> create(int number) {
        return new Slice<>() {
            @Override
            public Integer handOut(Tenant tenant) {
                return number;
            }

            @Override
            public void reset() {
                // A number is as it was.
            }

            @Override
            public void awaitReset() {
                // There was nothing to undo.
            }

            @Override
            public void destroy() {
                // Nothing holds it.
            }

            @Override
            public String describe() {
                return "number " + number;
            }
        };
    }

    @Override
    public boolean resetsQuickly() {
        return true;
    }

    @Override
    public List<Leftover> leftovers() {
        return List.of();
    }

    @Override
    public void close() {
        // Nothing is connected.
    }
}
