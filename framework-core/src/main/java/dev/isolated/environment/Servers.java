package dev.isolated.environment;

import dev.isolated.error.Explanation;
import dev.isolated.error.ServiceUnavailableException;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Asks the sources, in their order, for a server. Thread-safe. */
final class Servers {

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
        requireKnown(service, wanted);
        var refusals = new ArrayList<String>();
        for (ServerSource source : sources) {
            if (!wanted.equals(AUTO) && !wanted.equals(source.name())) {
                continue;
            }
            Optional<String> refusal = source.refusal(service, settings);
            if (refusal.isEmpty()) {
                return source.start(service, settings);
            }
            refusals.add(source.name() + ": " + refusal.get());
        }
        throw unavailable(service, wanted, refusals);
    }

    /** A source that is mistyped is not one that is absent. */
    private void requireKnown(String service, String wanted) {
        List<String> known = sources.stream().map(ServerSource::name).toList();
        if (!wanted.equals(AUTO) && !known.contains(wanted)) {
            throw new SettingsException(Explanation.couldNot("use the setting " + Keys.source(service))
                    .expected(AUTO + " or a source on the class path, one of " + known)
                    .found("\"" + wanted + "\"")
                    .next("correct it, or add the module that has this source"));
        }
    }

    /** Why a server comes from where it does. */
    String reason(Server server) {
        Key<String> key = Keys.source(server.service());
        return settings.get(key).equals(AUTO)
                ? server.source() + " is the first source that can provide it"
                : key + " asks for " + server.source();
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
