package dev.isolated.redis;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import io.lettuce.core.RedisURI;

/** As whom a test's clients log in, and where. Immutable. */
record Login(Endpoint endpoint, String user, Secret password, int database) {

    Target target() {
        return new Target(endpoint.host(), endpoint.port(), user, database);
    }

    RedisURI uri() {
        return Clients.uri(endpoint, user, password, database);
    }
}
