package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import org.postgresql.util.HostSpec;

/** Where a database is, and how to log in to it. Immutable. */
record Login(Endpoint server, String database, String user, Secret password) {

    /** For a slice, whose database and role have the same name. */
    Login(Endpoint server, String name, Secret password) {
        this(server, name, name, password);
    }

    HostSpec host() {
        return new HostSpec(server.host(), server.port());
    }

    String url() {
        return "jdbc:postgresql://" + server.address() + "/" + database;
    }
}
