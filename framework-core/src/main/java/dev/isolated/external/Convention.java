package dev.isolated.external;

import dev.isolated.spi.Blueprint;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The environment variables by which machines that build software say where their servers are: {@code TEST_POSTGRES_HOST}
 * and so on. Without a host the others mean nothing. Immutable.
 */
record Convention(String service, Blueprint blueprint, ExternalKeys keys) {

    /** The settings' texts, by key. */
    Map<String, String> texts(Map<String, String> environment) {
        var texts = new LinkedHashMap<String, String>();
        String host = value(environment, "HOST");
        // Where the host is somebody else's, so is the rest: a port or a password of another server would only mislead.
        if (host.isEmpty() || environment.containsKey(keys.host().variable())) {
            return texts;
        }
        texts.put(keys.host().name(), host);
        String port = value(environment, "PORT");
        port = port.isEmpty() ? value(environment, "HTTP_PORT") : port;
        texts.put(keys.port().name(), port.isEmpty() ? Integer.toString(blueprint.testPort()) : port);
        putIfGiven(texts, keys.user().name(), value(environment, "USER"));
        putIfGiven(texts, keys.password().name(), value(environment, "PASSWORD"));
        return texts;
    }

    private String value(Map<String, String> environment, String what) {
        String variable = "TEST_" + service.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + what;
        return environment.getOrDefault(variable, "").strip();
    }

    private static void putIfGiven(Map<String, String> texts, String key, String text) {
        if (!text.isEmpty()) {
            texts.put(key, text);
        }
    }
}
