package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Mischief;
import dev.isolated.contract.Mischief.Deed;
import dev.isolated.redis.Redis;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.sync.RedisAdvancedClusterCommands;
import java.util.List;
import java.util.stream.IntStream;

/** What a test does to a cluster that it has for itself. */
final class RedisClusterMischief extends RedisMischief {

    private static final int NODES = 3;

    @Override
    List<Mischief<Redis>> all() {
        return List.of(
                Mischief.again("keys on every server", cluster(RedisClusterMischief::scatter)),
                Mischief.again("other settings on every server", cluster(RedisClusterMischief::configure)),
                Mischief.again("another password on one server", cluster(RedisClusterMischief::changePassword)),
                Mischief.again("slots that no server has", cluster(RedisClusterMischief::loseSlots)),
                Mischief.again("a server that is stopped", cluster(RedisClusterMischief::stopOne)),
                Mischief.again("a script that never ends on one server", RedisClusterMischief::loop));
    }

    private interface Use {
        void with(StatefulRedisClusterConnection<String, String> connection);
    }

    private static Deed<Redis> cluster(Use use) {
        return handle -> {
            try (var connection = handle.cluster().connect()) {
                assertThat(connection.getPartitions()).hasSize(NODES);
                use.with(connection);
            }
        };
    }

    private static void scatter(StatefulRedisClusterConnection<String, String> connection) {
        RedisAdvancedClusterCommands<String, String> cluster = connection.sync();
        IntStream.range(0, 300).forEach(i -> cluster.set("key " + i, "x".repeat(100)));
        nodes(connection).forEach(node -> assertThat(node.sync().dbsize()).isPositive());
        cluster.flushall();
        IntStream.range(0, 300).forEach(i -> cluster.set("key " + i, "again"));
        assertThat(cluster.dbsize()).isEqualTo(300);
    }

    private static void configure(StatefulRedisClusterConnection<String, String> connection) {
        nodes(connection).forEach(node -> {
            assertThat(node.sync().configGet("maxmemory")).containsEntry("maxmemory", "0");
            node.sync().configSet("maxmemory", "10mb");
        });
    }

    private static void changePassword(StatefulRedisClusterConnection<String, String> connection) {
        assertThat(last(connection).sync().configSet("requirepass", "no secret"))
                .isEqualTo("OK");
    }

    private static void loseSlots(StatefulRedisClusterConnection<String, String> connection) {
        assertThat(last(connection).sync().clusterInfo()).contains("cluster_state:ok", "cluster_slots_assigned:16384");
        // Which server has the key that is there differs, and one that has any keeps its slots.
        last(connection).sync().flushall();
        assertThat(last(connection).sync().clusterFlushslots()).isEqualTo("OK");
    }

    private static void stopOne(StatefulRedisClusterConnection<String, String> connection) {
        last(connection).sync().shutdown(false);
    }

    @SuppressWarnings("resource")
    private static void loop(Redis handle) {
        var watching = last(handle.cluster().connect()).sync();
        var looping = last(handle.cluster().connect()).async();
        watching.configSet("lua-time-limit", "50");
        RedisFuture<String> endless = looping.eval("while true do end", ScriptOutputType.STATUS);
        await().until(() -> catchThrowable(watching::ping) instanceof RedisBusyException);
        assertThat(endless.isDone()).isFalse();
    }

    private static List<StatefulRedisConnection<String, String>> nodes(
            StatefulRedisClusterConnection<String, String> connection) {
        return connection.getPartitions().stream()
                .map(it -> connection.getConnection(it.getNodeId()))
                .toList();
    }

    private static StatefulRedisConnection<String, String> last(
            StatefulRedisClusterConnection<String, String> connection) {
        return nodes(connection).get(NODES - 1);
    }
}
