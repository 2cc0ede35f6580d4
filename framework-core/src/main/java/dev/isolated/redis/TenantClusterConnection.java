package dev.isolated.redis;

import io.lettuce.core.RedisChannelWriter;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.ClusterPushHandler;
import io.lettuce.core.cluster.StatefulRedisClusterConnectionImpl;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.json.JsonParser;
import io.lettuce.core.protocol.ConnectionIntent;
import io.lettuce.core.protocol.RedisCommand;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** A connection to a test's cluster: what is asked of it after the test is refused in the test's name. Thread-safe. */
final class TenantClusterConnection<K, V> extends StatefulRedisClusterConnectionImpl<K, V> {

    private final Admission admission;

    TenantClusterConnection(
            Admission admission,
            RedisChannelWriter writer,
            ClusterPushHandler pushes,
            RedisCodec<K, V> codec,
            Duration timeout,
            Supplier<JsonParser> parser) {
        super(writer, pushes, codec, timeout, parser);
        this.admission = admission;
    }

    @Override
    public <T> RedisCommand<K, V, T> dispatch(RedisCommand<K, V, T> command) {
        return admission.refuses(command) ? command : super.dispatch(command);
    }

    @Override
    public Collection<RedisCommand<K, V, ?>> dispatch(Collection<? extends RedisCommand<K, V, ?>> commands) {
        return admission.refusesAny(commands) ? Admission.same(commands) : super.dispatch(commands);
    }

    /** The driver begins here where a command goes to several servers; one that is closed has nothing there. */
    @Override
    public RedisChannelWriter getChannelWriter() {
        admission.tenant().verify();
        return super.getChannelWriter();
    }

    @Override
    public StatefulRedisConnection<K, V> getConnection(String node, ConnectionIntent intent) {
        admission.tenant().verify();
        return super.getConnection(node, intent);
    }

    @Override
    public StatefulRedisConnection<K, V> getConnection(String host, int port, ConnectionIntent intent) {
        admission.tenant().verify();
        return super.getConnection(host, port, intent);
    }

    @Override
    public CompletableFuture<StatefulRedisConnection<K, V>> getConnectionAsync(String node, ConnectionIntent intent) {
        admission.tenant().verify();
        return super.getConnectionAsync(node, intent);
    }

    @Override
    public CompletableFuture<StatefulRedisConnection<K, V>> getConnectionAsync(
            String host, int port, ConnectionIntent intent) {
        admission.tenant().verify();
        return super.getConnectionAsync(host, port, intent);
    }
}
