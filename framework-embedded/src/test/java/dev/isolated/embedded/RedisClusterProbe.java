package dev.isolated.embedded;

import dev.isolated.contract.Mischief;
import dev.isolated.contract.Probe;
import dev.isolated.redis.Redis;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.util.List;
import java.util.Map;

/** Uses a cluster as tests would. Thread-safe. */
final class RedisClusterProbe implements Probe<Redis> {

    @Override
    public void put(Redis handle, String key, String value) {
        try (var connection = handle.cluster().connect()) {
            RedisProbe.insert(connection.sync(), key, value);
        }
    }

    @Override
    public Map<String, String> read(Redis handle) {
        try (var connection = handle.cluster().connect()) {
            return RedisProbe.entries(connection.sync());
        }
    }

    @Override
    public Client client(Redis handle) {
        StatefulRedisClusterConnection<String, String> connection =
                handle.cluster().connect();
        return new Client() {
            @Override
            public void put(String key, String value) {
                RedisProbe.insert(connection.sync(), key, value);
            }

            @Override
            public void close() {
                connection.close();
            }
        };
    }

    @Override
    public List<Mischief<Redis>> mischief() {
        return new RedisClusterMischief().all();
    }

    /** A cluster goes with its run. */
    @Override
    public void crash(String run) {
        throw new UnsupportedOperationException("a cluster that outlives its run");
    }
}
