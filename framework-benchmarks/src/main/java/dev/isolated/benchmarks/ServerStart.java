package dev.isolated.benchmarks;

import dev.isolated.embedded.EmbeddedSource;
import dev.isolated.environment.Catalog;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import java.util.HashMap;
import java.util.Map;

/**
 * Milliseconds from nothing to the first answer of an embedded server, in a JVM that has loaded what it needs for that;
 * what is kept in the cache is there.
 */
record ServerStart(Service<?> service, Map<String, String> more, Question first) implements Side<Double> {

    /** What the server is asked. */
    interface Question {
        void ask(Endpoint administrator) throws Exception;
    }

    @Override
    public Double measure() throws Exception {
        try (var directory = ServersDirectory.create()) {
            var values = new HashMap<>(directory.settings(false));
            values.putAll(more);
            Settings settings = Catalog.found().settings(values, Map.of());
            long start = System.nanoTime();
            try (Server server = new EmbeddedSource().start(service, settings)) {
                first.ask(server.endpoint());
                return (System.nanoTime() - start) / 1e6;
            }
        }
    }
}
