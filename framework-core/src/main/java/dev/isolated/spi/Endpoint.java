package dev.isolated.spi;

import dev.isolated.settings.Secret;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a server listens, and its administrator's credentials. Immutable.
 *
 * @param authority the certificates, as PEM, by which a server is verified; empty for those that Java trusts
 * @param socket the Unix domain socket by which the same server is reached sooner; empty where none is known
 */
public record Endpoint(
        String host, int port, String user, Secret password, Tls tls, Optional<Path> authority, Optional<Path> socket) {

    /** One that is reached without encryption, as what runs on this machine is. */
    public static Endpoint plain(String host, int port, String user, Secret password) {
        return new Endpoint(host, port, user, password, Tls.OFF, Optional.empty(), Optional.empty());
    }

    /** Host and port, as a URL has them. */
    public String address() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    public Endpoint withPassword(Secret changed) {
        return new Endpoint(host, port, user, changed, tls, authority, socket);
    }

    /** The same, also reached by a Unix domain socket. */
    public Endpoint withSocket(Path known) {
        return new Endpoint(host, port, user, password, tls, authority, Optional.of(known));
    }
}
