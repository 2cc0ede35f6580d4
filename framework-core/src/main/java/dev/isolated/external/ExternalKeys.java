package dev.isolated.external;

import dev.isolated.settings.Key;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Blueprint;
import dev.isolated.spi.Tls;
import java.util.List;

/** The settings that say where a service's server is and how it is entered. Immutable. */
record ExternalKeys(
        Key<String> host,
        Key<Integer> port,
        Key<String> user,
        Key<Secret> password,
        Key<Tls> tls,
        Key<String> authority) {

    private static final int MOST_PORTS = 65_535;

    static ExternalKeys of(String service, Blueprint blueprint) {
        String prefix = Keys.PREFIX + service + ".";
        return new ExternalKeys(
                Key.text(prefix + "host", "", "The host of a " + service + " server of your own; empty for none."),
                Key.integer(prefix + "port", 1, MOST_PORTS, blueprint.port(), "The port of that server."),
                Key.text(prefix + "user", blueprint.user(), "The administrator whom tests are prepared with there."),
                Key.secret(prefix + "password", "The administrator's password."),
                Key.choice(
                        prefix + "tls",
                        Tls.OFF,
                        "Whether connections to that server are encrypted; verify also checks its certificate and name."),
                Key.text(
                        prefix + "tls-authority",
                        "",
                        "A file of certificates (PEM) that verify trusts; empty for those that Java trusts."));
    }

    List<Key<?>> all() {
        return List.of(host, port, user, password, tls, authority);
    }
}
