package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Which connections of a client take commands. The driver may hand one out a moment before; one that reconnects keeps what it
 * is told until then, one that does not refuses it. Thread-safe.
 */
final class Arrivals implements RedisConnectionStateListener {

    private final String server;
    private final Map<RedisChannelHandler<?, ?>, CompletableFuture<Void>> expected = new ConcurrentHashMap<>();

    Arrivals(String server) {
        this.server = server;
    }

    /** Waits until a connection takes commands, or has been cut off again. */
    void await(RedisChannelHandler<?, ?> connection) {
        CompletableFuture<Void> arrival = of(connection);
        try {
            if (connection.isOpen()) {
                arrival.orTimeout(Clients.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                        .join();
            }
        } catch (CompletionException e) {
            throw new IsolationException(
                    Explanation.couldNot("use a connection that was opened to " + server)
                            .expected("that it takes commands within " + Clients.PATIENCE.toSeconds() + " s")
                            .found("that it does not")
                            .next("see whether this JVM's threads are blocked"),
                    e);
        } finally {
            expected.remove(connection);
        }
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
