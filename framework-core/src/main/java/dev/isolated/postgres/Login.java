package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.util.HostSpec;

/**
 * Where a database is, and how to log in to it. Immutable.
 *
 * @param more further properties of the driver, by which a connection finds what it is for
 */
record Login(Endpoint server, String database, String user, Secret password, Map<String, String> more) {

    Login {
        more = Map.copyOf(more);
    }

    Login(Endpoint server, String database, String user, Secret password) {
        this(server, database, user, password, Map.of());
    }

    /** To a database of that name, as the role of the same name. */
    Login(Endpoint server, String name, Secret password) {
        this(server, name, name, password);
    }

    /** The same with one more property of the driver. */
    Login with(String property, String value) {
        var all = new HashMap<>(more);
        all.put(property, value);
        return new Login(server, database, user, password, all);
    }

    /** The same with another password. */
    Login with(Secret other) {
        return new Login(server, database, user, other, more);
    }

    HostSpec host() {
        return new HostSpec(server.host(), server.port());
    }

    String url() {
        return "jdbc:postgresql://" + server.address() + "/" + database;
    }

    /** A URL that leads there from anywhere, in the words of pgjdbc. */
    String directUrl() {
        String found = more.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> "&" + entry.getKey() + "=" + encoded(entry.getValue()))
                .collect(Collectors.joining());
        return url() + "?sslmode="
                + switch (server.tls()) {
                    case OFF -> "disable";
                    case ON -> "require";
                    case VERIFY ->
                        "verify-full&"
                                + server.authority()
                                        .map(file -> "sslrootcert=" + encoded(file.toString()))
                                        .orElse("sslfactory=org.postgresql.ssl.DefaultJavaSSLFactory");
                }
                + found;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
