package dev.isolated.redis;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Server;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.StringCodec;

/** Opens the connections that slices of one server keep. Thread-safe. */
final class Keeper implements AutoCloseable {

    private final Server server;
    private final RedisClient client;
    private final Arrivals arrivals;

    /** One that was cut off stays so: that is how its slice learns that the server no longer knows it. */
    Keeper(Server server) {
        this.server = server;
        arrivals = new Arrivals(server.describe());
        client = RedisClient.create(Clients.ofTenants());
        client.addListener(arrivals);
        client.setOptions(
                Clients.options(server.endpoint()).mutate().autoReconnect(false).build());
    }

    KeptConnection connect(Place place, Secret password) {
        StatefulRedisConnection<String, String> connection = client.connect(
                StringCodec.UTF8, Clients.uri(server.endpoint(), place.keeper(), password, place.database()));
        arrivals.await((RedisChannelHandler<?, ?>) connection);
        return new KeptConnection(connection);
    }

    @Override
    public void close() {
        RedisAdmin.end(client);
    }
}
