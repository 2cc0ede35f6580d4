package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.Mischief;
import dev.isolated.contract.Probe;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** Uses Redis as tests would. Thread-safe. */
final class RedisProbe implements Probe<Redis> {

    /** Its threads end with this JVM. */
    private static final RedisClient ADMINISTRATORS = RedisClient.create();

    private final Server server;
    private final RedisMischief mischief;

    RedisProbe(Server server) {
        this(server, new RedisMischief());
    }

    RedisProbe(Server server, RedisMischief mischief) {
        this.server = server;
        this.mischief = mischief;
    }

    @Override
    public void put(Redis handle, String key, String value) {
        insert(handle.sync(), key, value);
    }

    @Override
    public Map<String, String> read(Redis handle) {
        return entries(handle.sync());
    }

    static Map<String, String> entries(RedisClusterCommands<String, String> redis) {
        var entries = new HashMap<String, String>();
        redis.keys("*").forEach(key -> entries.put(key, redis.get(key)));
        return entries;
    }

    @Override
    public Client client(Redis handle) {
        StatefulRedisConnection<String, String> connection = handle.client().connect();
        return new Client() {
            @Override
            public void put(String key, String value) {
                insert(connection.sync(), key, value);
            }

            @Override
            public void close() {
                connection.close();
            }
        };
    }

    @Override
    public List<Mischief<Redis>> mischief() {
        return mischief.all();
    }

    /** Has the run's sign of life expire, as it does when nobody renews it; a run that lives does so within a second. */
    @Override
    public void crash(String run) {
        long expired = inRegistry(redis -> redis.del(signOfLife(run)));
        assertThat(expired).as("signs of life of run " + run).isEqualTo(1);
    }

    /** The key by which a run shows that it lives. */
    static String signOfLife(String run) {
        return "isolated:run:" + run;
    }

    /** Who has the numbers that are leased. */
    Stream<String> owners() {
        return inRegistry(redis -> redis.hvals("isolated:numbers")).stream();
    }

    /** Does something in the server's last database. */
    <T> T inRegistry(Function<RedisCommands<String, String>, T> task) {
        int databases = asAdministrator(
                0, redis -> Integer.parseInt(redis.configGet("databases").get("databases")));
        return asAdministrator(databases - 1, task);
    }

    /** Does something on a connection outside of every slice. */
    <T> T asAdministrator(int database, Function<RedisCommands<String, String>, T> task) {
        Endpoint endpoint = server.endpoint();
        RedisURI uri = RedisURI.builder()
                .withHost(endpoint.host())
                .withPort(endpoint.port())
                .withDatabase(database)
                .withAuthentication(
                        endpoint.user(), endpoint.password().reveal().toCharArray())
                .build();
        try (StatefulRedisConnection<String, String> connection = ADMINISTRATORS.connect(uri)) {
            return task.apply(connection.sync());
        }
    }

    static void insert(RedisClusterCommands<String, String> redis, String key, String value) {
        assertThat(redis.set(key, value, SetArgs.Builder.nx()))
                .as("that there was no " + key)
                .isEqualTo("OK");
    }
}
