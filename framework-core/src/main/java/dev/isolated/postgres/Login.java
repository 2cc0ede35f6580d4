package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import org.postgresql.util.HostSpec;

/**
 * Where a slice's server is, and how to log in to the slice there. Immutable.
 *
 * @param name of both its database and the role that logs in there
 */
record Login(Endpoint server, String name, Secret password) {

    String database() {
        return name;
    }

    String user() {
        return name;
    }

    HostSpec host() {
        return new HostSpec(server.host(), server.port());
    }

    String url() {
        return "jdbc:postgresql://" + server.address() + "/" + name;
    }
}
