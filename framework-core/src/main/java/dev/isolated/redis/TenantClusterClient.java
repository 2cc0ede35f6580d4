package dev.isolated.redis;

import dev.isolated.spi.Origin;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.StatefulRedisConnectionImpl;
import io.lettuce.core.cluster.ClusterPushHandler;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.StatefulRedisClusterConnectionImpl;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.json.JsonParser;
import io.lettuce.core.protocol.PushHandler;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A Lettuce client of a cluster that knows whose it is: what is sent too late is refused, and the test is named. Thread-safe. */
final class TenantClusterClient extends RedisClusterClient {

    private final Admission admission;
    private final Openings<RedisChannelHandler<?, ?>> openings = new Openings<>(RedisChannelHandler::isClosed);

    TenantClusterClient(Admission admission, Login login) {
        super(Clients.ofTenants(), List.of(login.uri()));
        this.admission = admission;
    }

    Openings<RedisChannelHandler<?, ?>> openings() {
        return openings;
    }

    @Override
    public <K, V> StatefulRedisClusterConnection<K, V> connect(RedisCodec<K, V> codec) {
        admission.tenant().verify();
        return noted(super.connect(codec), new Origin());
    }

    @Override
    public <K, V> CompletableFuture<StatefulRedisClusterConnection<K, V>> connectAsync(RedisCodec<K, V> codec) {
        admission.tenant().verify();
        Origin origin = new Origin();
        return super.connectAsync(codec).thenApply(it -> noted(it, origin));
    }

    @Override
    public <K, V> StatefulRedisClusterPubSubConnection<K, V> connectPubSub(RedisCodec<K, V> codec) {
        admission.tenant().verify();
        return noted(super.connectPubSub(codec), new Origin());
    }

    @Override
    public <K, V> CompletableFuture<StatefulRedisClusterPubSubConnection<K, V>> connectPubSubAsync(
            RedisCodec<K, V> codec) {
        admission.tenant().verify();
        Origin origin = new Origin();
        return super.connectPubSubAsync(codec).thenApply(it -> noted(it, origin));
    }

    /** The driver alone would close connections to single servers twice, and warn of that. */
    @Override
    public CompletableFuture<Void> shutdownAsync(long quiet, long patience, TimeUnit unit) {
        CompletableFuture<?>[] closed =
                openings.open().map(RedisChannelHandler::closeAsync).toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(closed).thenCompose(done -> super.shutdownAsync(quiet, patience, unit));
    }

    private <C> C noted(C connection, Origin origin) {
        openings.note((RedisChannelHandler<?, ?>) connection, origin);
        return connection;
    }

    @Override
    protected <V, K> StatefulRedisClusterConnectionImpl<K, V> newStatefulRedisClusterConnection(
            RedisChannelWriter writer,
            ClusterPushHandler pushes,
            RedisCodec<K, V> codec,
            Duration timeout,
            Supplier<JsonParser> parser) {
        return new TenantClusterConnection<>(admission, writer, pushes, codec, timeout, parser);
    }

    /** To one server of the cluster, which a test can have of a connection to all. */
    @Override
    protected <K, V> StatefulRedisConnectionImpl<K, V> newStatefulRedisConnection(
            RedisChannelWriter writer,
            PushHandler pushes,
            RedisCodec<K, V> codec,
            Duration timeout,
            Supplier<JsonParser> parser) {
        return new StatefulRedisConnectionImpl<>(writer, pushes, codec, timeout, parser) {
            @Override
            public <T> RedisCommand<K, V, T> dispatch(RedisCommand<K, V, T> command) {
                return admission.refuses(command) ? command : super.dispatch(command);
            }

            @Override
            public Collection<RedisCommand<K, V, ?>> dispatch(Collection<? extends RedisCommand<K, V, ?>> commands) {
                return admission.refusesAny(commands) ? Admission.same(commands) : super.dispatch(commands);
            }
        };
    }
}
