package dev.isolated.environment;

import dev.isolated.error.Explanation;
import dev.isolated.error.ServiceUnavailableException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the sources, in their order, for a server. Thread-safe. */
final class Servers {

    private static final System.Logger LOGGER = System.getLogger("dev.isolated.environment");
    private static final String AUTO = "auto";

    private final List<ServerSource> sources;
    private final Settings settings;

    Servers(List<ServerSource> sources, Settings settings) {
        this.sources = sources;
        this.settings = settings;
    }

    /** A running server from the first source that can provide it. */
    Server start(String service) {
        String wanted = settings.get(Keys.source(service));
        var refusals = new ArrayList<String>();
        for (ServerSource source : sources) {
            if (!wanted.equals(AUTO) && !wanted.equals(source.name())) {
                continue;
            }
            Optional<String> refusal = source.refusal(service, settings);
            if (refusal.isEmpty()) {
                return start(service, source);
            }
            refusals.add(source.name() + ": " + refusal.get());
        }
        throw unavailable(service, wanted, refusals);
    }

    private Server start(String service, ServerSource source) {
        long start = System.nanoTime();
        Server server = source.start(service, settings);
        LOGGER.log(
                System.Logger.Level.INFO,
                "{0}: ready in {1} ms; {2} is the first source that can provide it",
                server.describe(),
                Long.toString((System.nanoTime() - start) / 1_000_000),
                source.name());
        return server;
    }

    private ServiceUnavailableException unavailable(String service, String wanted, List<String> refusals) {
        String known = sources.stream().map(ServerSource::name).toList().toString();
        return new ServiceUnavailableException(Explanation.couldNot("provide a " + service + " server")
                .expected("one of the sources on the class path, " + known + ", to provide it"
                        + (wanted.equals(AUTO) ? "" : ", and " + Keys.source(service) + " forces \"" + wanted + "\""))
                .found(refusals.isEmpty() ? "none that was asked" : String.join("; ", refusals))
                .next("add framework-embedded to the test class path, or remove what the reasons above name"));
    }
}
