package dev.isolated.benchmarks;

import dev.isolated.embedded.EmbeddedPostgresSource;
import dev.isolated.environment.Catalog;
import dev.isolated.settings.Key;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The embedded source for benchmarks: marks when the server is ready, and leaves room on it for connections beside those of
 * the pool, which is no larger for that. Thread-safe.
 */
public final class BenchmarkSource implements ServerSource {

    static final String NAME = "benchmark";
    static final Key<Integer> ROOM = Key.integer(
            "isolated.benchmark.room", 0, 500, 0, "How many bare connections the server takes beside the pool's.");

    private static final int LAST = 1_000;

    private final EmbeddedPostgresSource embedded = new EmbeddedPostgresSource();

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int rank() {
        return LAST;
    }

    @Override
    public List<Key<?>> keys() {
        return List.of(ROOM);
    }

    @Override
    public Optional<String> refusal(Service<?> service, Settings settings) {
        return embedded.refusal(service, settings);
    }

    @Override
    public Server start(Service<?> service, Settings settings) {
        Server server = embedded.start(service, roomier(settings));
        Marks.mark(Marks.SERVER_READY);
        return server;
    }

    private static Settings roomier(Settings settings) {
        int room = settings.get(ROOM);
        if (room == 0) {
            return settings;
        }
        int environments = settings.get(Keys.ENVIRONMENTS_MAX) + room;
        return Catalog.found().settings(Map.of(Keys.ENVIRONMENTS_MAX.name(), Integer.toString(environments)), Map.of());
    }
}
