package dev.isolated.benchmarks;

import dev.isolated.embedded.EmbeddedSource;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The embedded source for benchmarks, which marks when the server is ready. Thread-safe. */
public final class BenchmarkSource implements ServerSource {

    static final String NAME = "benchmark";
    private static final int LAST = 1_000;

    private static final Map<String, Server> LATEST = new ConcurrentHashMap<>();

    private final EmbeddedSource embedded = new EmbeddedSource();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int rank() {
        return LAST;
    }

    @Override
    public Optional<String> refusal(Service<?> service, Settings settings) {
        return embedded.refusal(service, settings);
    }

    @Override
    public Server start(Service<?> service, Settings settings) {
        Server server = embedded.start(service, settings);
        Marks.mark(Marks.SERVER_READY);
        LATEST.put(service.name(), server);
        return server;
    }

    /** Where a service's latest server is, with the administrator's login. */
    static Endpoint latest(String service) {
        return Objects.requireNonNull(LATEST.get(service), service).endpoint();
    }
}
