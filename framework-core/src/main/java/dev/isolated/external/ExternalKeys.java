package dev.isolated.external;

import dev.isolated.settings.Key;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Blueprint;
import dev.isolated.spi.Service;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The settings that say where one service's own server is. Immutable. */
record ExternalKeys(
        String service,
        Blueprint blueprint,
        Key<String> host,
        Key<Integer> port,
        Key<String> user,
        Key<Secret> password,
        Key<String> tls,
        Key<String> authority) {

    private static final int HIGHEST_PORT = 65_535;

    static ExternalKeys of(Service<?> service, Blueprint blueprint) {
        String name = service.name();
        String prefix = Keys.PREFIX + name + ".";
        return new ExternalKeys(
                name,
                blueprint,
                Key.text(prefix + "host", "", "Where your own " + name + " server is; empty if there is none to use."),
                Key.integer(prefix + "port", 1, HIGHEST_PORT, blueprint.port(), "The port of your own server."),
                Key.text(prefix + "user", blueprint.user(), "The administrator of your own server."),
                Key.secret(prefix + "password", "The password of that administrator."),
                Key.choice(
                        prefix + "tls",
                        List.of("off", "on", "verify"),
                        "Whether your own server is spoken to encrypted, and whether its certificate is verified."),
                Key.text(
                        prefix + "tls-authority",
                        "",
                        "A file with the certificates that vouch for your own server, as PEM; empty for those that Java trusts."));
    }

    List<Key<?>> all() {
        return List.of(host, port, user, password, tls, authority);
    }

    /** What the variables of another convention, {@code TEST_POSTGRES_HOST} and its like, say. */
    Map<String, String> variables(Map<String, String> environment) {
        String prefix = "TEST_" + service.toUpperCase(Locale.ROOT) + "_";
        var texts = new LinkedHashMap<String, String>();
        if (environment.containsKey(prefix + "HOST")) {
            texts.put(port.name(), Integer.toString(blueprint.testPort()));
        }
        take(environment, prefix + "HOST", host, texts);
        take(environment, prefix + "HTTP_PORT", port, texts);
        take(environment, prefix + "PORT", port, texts);
        take(environment, prefix + "USER", user, texts);
        take(environment, prefix + "PASSWORD", password, texts);
        return texts;
    }

    private static void take(Map<String, String> environment, String variable, Key<?> key, Map<String, String> texts) {
        String text = environment.get(variable);
        if (text != null) {
            texts.put(key.name(), text);
        }
    }
}
