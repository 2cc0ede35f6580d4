package dev.isolated.redis;

import dev.isolated.settings.Secret;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.api.reactive.RedisReactiveCommands;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.RedisClusterClient;

/**
 * A test's own Redis: one database of a server, and a user that can reach no other; or a whole server, where the test asks
 * for that. It is empty at first, and everything in it is gone when the test ends; from then on its clients are refused.
 * Thread-safe.
 */
public final class Redis {

    private final LeasedClient client;

    Redis(LeasedClient client) {
        this.client = client;
    }

    /** Opens connections to the test's own database. */
    public RedisClient client() {
        return client.client();
    }

    /** Opens connections to the test's own cluster, where it has asked for one. */
    public RedisClusterClient cluster() {
        return client.cluster();
    }

    /** A connection that all callers share and nobody needs to close; to a cluster there is none such. */
    public StatefulRedisConnection<String, String> connection() {
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
        return client.login().uri();
    }

    public String host() {
        return client.target().host();
    }

    public int port() {
        return client.target().port();
    }

    /** The number that a client must select; the user may select no other. */
    public int database() {
        return client.target().database();
    }

    public String user() {
        return client.target().user();
    }

    /** The password of {@link #user()}, good for this test alone. */
    public Secret password() {
        return client.login().password();
    }

    @Override
    public String toString() {
        return "Redis of " + client.tenant().name() + " (database " + database() + ")";
    }
}
