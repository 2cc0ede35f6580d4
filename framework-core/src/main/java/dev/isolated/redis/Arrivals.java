package dev.isolated.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Which connections of a client take commands. The driver may hand one out a moment before; one that reconnects keeps what it
 * is told until then, one that does not refuses it. Thread-safe.
 */
final class Arrivals implements RedisConnectionStateListener {

    private final Map<RedisChannelHandler<?, ?>, CompletableFuture<Void>> expected = new ConcurrentHashMap<>();

    /** Waits until a connection takes commands, or has been cut off again. */
    void await(RedisChannelHandler<?, ?> connection) {
        CompletableFuture<Void> arrival = of(connection);
        if (connection.isOpen()) {
            arrival.orTimeout(Clients.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
        expected.remove(connection);
    }

    @Override
    public void onRedisConnected(RedisChannelHandler<?, ?> connection, SocketAddress address) {
        of(connection).complete(null);
    }

    @Override
    public void onRedisDisconnected(RedisChannelHandler<?, ?> connection) {
        CompletableFuture<Void> awaited = expected.remove(connection);
        if (awaited != null) {
            awaited.complete(null);
        }
    }

    private CompletableFuture<Void> of(RedisChannelHandler<?, ?> connection) {
        return expected.computeIfAbsent(connection, it -> new CompletableFuture<>());
    }
}
