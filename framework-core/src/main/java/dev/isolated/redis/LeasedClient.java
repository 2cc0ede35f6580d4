package dev.isolated.redis;

import dev.isolated.spi.Tenant;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The client of one lease and the connection that its test shares, each made when it is first wanted. Thread-safe. */
final class LeasedClient {

    private final Tenant tenant;
    private final Login login;
    private @Nullable TenantClient client;
    private @Nullable StatefulRedisConnection<String, String> connection;

    LeasedClient(Tenant tenant, Login login) {
        this.tenant = tenant;
        this.login = login;
    }

    synchronized RedisClient get() {
        return made();
    }

    synchronized StatefulRedisConnection<String, String> connection() {
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            open = made().connect();
            connection = open;
        }
        return open;
    }

    /** Closes everything that the client has opened, without waiting. */
    synchronized void end() {
        if (client != null) {
            CompletableFuture<Void> ended = client.shutdownAsync(0, Clients.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            var unused = ended.whenComplete((done, failure) -> {
                if (failure != null) {
                    Log.LOGGER.log(
                            System.Logger.Level.WARNING, "the client of " + tenant.name() + " did not close", failure);
                }
            });
        }
    }

    private TenantClient made() {
        tenant.verify();
        TenantClient made = client;
        if (made == null) {
            made = new TenantClient(tenant, login);
            client = made;
        }
        return made;
    }
}
