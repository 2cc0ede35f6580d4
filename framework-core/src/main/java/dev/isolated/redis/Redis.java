package dev.isolated.redis;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Tenant;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.lettuce.core.api.sync.RedisCommands;

/**
 * A test's own Redis: one database of a server, and a user that can reach no other. It is empty at first, and everything in
 * it is gone when the test ends; from then on its clients are refused. Thread-safe.
 */
public final class Redis {

    private final Tenant tenant;
    private final Login login;
    private final LeasedClient client;

    Redis(Tenant tenant, Login login, LeasedClient client) {
        this.tenant = tenant;
        this.login = login;
        this.client = client;
    }

    /** Opens connections to the test's own database. */
    public RedisClient client() {
        tenant.verify();
        return client.get();
    }

    /** A connection that all callers share and nobody needs to close. */
    public StatefulRedisConnection<String, String> connection() {
        tenant.verify();
        return client.connection();
    }

    public RedisCommands<String, String> sync() {
        return connection().sync();
    }

    public RedisAsyncCommands<String, String> async() {
        return connection().async();
    }

    public RedisReactiveCommands<String, String> reactive() {
        return connection().reactive();
    }

    /** Where the database is, for a client of one's own; it contains the password. */
    public RedisURI uri() {
        tenant.verify();
        return login.uri();
    }

    public String host() {
        return login.endpoint().host();
    }

    public int port() {
        return login.endpoint().port();
    }

    /** The number that a client must select; the user may select no other. */
    public int database() {
        return login.database();
    }

    public String user() {
        return login.user();
    }

    /** The password of {@link #user()}, good for this test alone. */
    public Secret password() {
        return login.password();
    }

    @Override
    public String toString() {
        return "Redis of " + tenant.name() + " (database " + login.database() + ")";
    }
}
