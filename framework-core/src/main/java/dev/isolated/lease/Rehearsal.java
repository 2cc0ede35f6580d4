package dev.isolated.lease;

import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
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

/**
 * A lease of nothing, taken and given back. It makes the JVM load what pools are made of, some fifty milliseconds' work
 * that would otherwise begin when the first test waits for it.
 */
final class Rehearsal implements Slices<String>, Slice<String> {

    private static final String STAGE = "rehearsal";

    private Rehearsal() {}

    static void play(Settings settings) {
        var server = new Server(STAGE, STAGE, "", Endpoint.plain("", 0, "", Secret.of("")), Tenure.RUN, Hold.NONE);
        var plan = new Plan(STAGE, List.of(), settings, STAGE);
        try (var pool = new Pool<>(server, new Rehearsal(), plan, new SimpleMeterRegistry(), System::nanoTime)) {
            pool.lease(STAGE).close();
        }
    }

    @Override
    public int capacity() {
        return Integer.MAX_VALUE;
    }

    @Override
    public Slice<String> create(int number) {
        return this;
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
    public String handOut(Tenant tenant) {
        return STAGE;
    }

    @Override
    public void reset() {}

    @Override
    public void awaitReset() {}

    @Override
    public void destroy() {}

    @Override
    public String describe() {
        return STAGE;
    }

    @Override
    public void close() {}
}
