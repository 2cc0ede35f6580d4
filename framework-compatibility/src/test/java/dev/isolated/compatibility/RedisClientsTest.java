package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.junit.Isolated;
import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Evidence;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.redisson.Redisson;
import org.redisson.api.RLock;
import org.redisson.api.RTopic;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.config.Config;
import org.springframework.dao.DataAccessException;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.core.RedisOperations;
import org.springframework.data.redis.core.SessionCallback;
import org.springframework.data.redis.core.StringRedisTemplate;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.Transaction;

/** Other clients in a test's database; every one of them finds it empty, whatever the one before has left open there. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class RedisClientsTest {

    /** Where Redisson's clients tell each other of a lock. */
    private static final String CHANNEL = "redisson_lock__channel:{lock}";

    @RepeatedTest(3)
    void lettuceInItsThreeStyles(Redis redis) {
        assertThat(redis.reactive().dbsize().block()).isZero();
        assertThat(redis.reactive().set("key", "value").block()).isEqualTo("OK");
        assertThat(redis.async().append("key", "s").toCompletableFuture())
                .succeedsWithin(Duration.ofSeconds(10))
                .isEqualTo(6L);
        assertThat(redis.sync().get("key")).isEqualTo("values");
    }

    @RepeatedTest(3)
    void lettucesClientAsAParameter(@Isolated RedisClient client, Redis redis) {
        try (StatefulRedisConnection<String, String> connection = client.connect()) {
            assertThat(connection.sync().dbsize()).isZero();
            connection.sync().set("key", "value");
        }
        assertThat(redis.sync().get("key")).isEqualTo("value");
    }

    @Test
    void theClientOfAClusterAsAParameter(@Isolated(mode = "CLUSTER") RedisClusterClient client) {
        try (StatefulRedisClusterConnection<String, String> connection = client.connect()) {
            assertThat(connection.sync().dbsize()).isZero();
            connection.sync().set("key", "value");
            assertThat(connection.sync().get("key")).isEqualTo("value");
            assertThat(connection.getPartitions()).hasSize(3);
        }
    }

    @RepeatedTest(3)
    void jedisWithAPool(Redis redis) {
        try (var jedis = new JedisPooled(
                new HostAndPort(redis.host(), redis.port()),
                DefaultJedisClientConfig.builder()
                        .user(redis.user())
                        .password(redis.password().reveal())
                        .database(redis.database())
                        .build())) {
            assertThat(jedis.keys("*")).isEmpty();
            jedis.lpush("queue", "a", "b");
            try (Transaction transaction = (Transaction) jedis.multi()) {
                transaction.incr("count");
                transaction.incr("count");
                assertThat(transaction.exec()).containsExactly(1L, 2L);
            }
            assertThat(redis.sync().get("count")).isEqualTo("2");
        }
    }

    @RepeatedTest(3)
    void redissonWithItsMapsAndALockThatIsTaken(Redis redis) throws Exception {
        RedissonClient redisson = redisson(redis);
        try {
            assertThat(redisson.getKeys().count()).isZero();
            RLock lock = redisson.getLock("lock");
            assertThat(lock.tryLock(1, 10, TimeUnit.SECONDS)).isTrue();
            redisson.getMap("map").put("key", "value");
            assertThat(redisson.getMap("map").get("key")).isEqualTo("value");
            assertThat(redis.sync().keys("*")).containsExactlyInAnyOrder("lock", "map");
        } finally {
            redisson.shutdown();
        }
    }

    /** Redisson publishes that a lock is free, and waits for that on the same channel, which is the server's. */
    @RepeatedTest(2)
    void redissonsLocksAreRefusedTheirChannels(Redis redis, IsolatedEnvironment environment) {
        RedissonClient redisson = redisson(redis);
        RedissonClient other = redisson(redis);
        try {
            RLock lock = redisson.getLock("lock");
            assertThat(lock.tryLock()).isTrue();
            CompletableFuture<Boolean> waiting = contend(other, 2);
            await().until(() -> refused(environment).contains(CHANNEL));

            assertThatThrownBy(lock::unlock)
                    .isInstanceOf(RedisException.class)
                    .hasMessageFindingMatch("can't publish|ACL failure in script|NOPERM");
            assertThat(redis.sync().exists("lock"))
                    .as("whether it is taken all the same")
                    .isZero();
            assertThat(waiting)
                    .as("what comes of waiting for it, free as it is")
                    .failsWithin(Duration.ofSeconds(20))
                    .withThrowableThat()
                    .withMessageContaining("Unable to acquire subscription lock");
            assertThat(refused(environment))
                    .contains("@Isolated(mode = \"SERVER\") gives the test a server of its own");
        } finally {
            other.shutdown();
            redisson.shutdown();
        }
    }

    @Test
    @Isolated(mode = "SERVER")
    void redissonWithItsLocksOnAServerOfItsOwn(Redis redis) {
        RedissonClient redisson = redisson(redis);
        RedissonClient other = redisson(redis);
        try {
            RLock lock = redisson.getLock("lock");
            assertThat(lock.tryLock()).isTrue();
            CompletableFuture<Boolean> waiting = contend(other, 20);
            await().until(() -> redis.sync().pubsubNumsub(CHANNEL).get(CHANNEL) > 0);

            lock.unlock();
            assertThat(waiting)
                    .as("that who waits for it has it")
                    .succeedsWithin(10, TimeUnit.SECONDS)
                    .isEqualTo(true);
        } finally {
            other.shutdown();
            redisson.shutdown();
        }
    }

    private static CompletableFuture<Boolean> contend(RedissonClient redisson, int seconds) {
        return redisson.getLock("lock")
                .tryLockAsync(seconds, 30, TimeUnit.SECONDS)
                .toCompletableFuture();
    }

    /** What its database's user was refused. */
    private static String refused(IsolatedEnvironment environment) {
        return environment.evidence().stream()
                .filter(it -> it.title().contains("refused"))
                .map(Evidence::text)
                .collect(Collectors.joining());
    }

    @Test
    @Isolated(mode = "SERVER")
    void redissonWithItsTopicsOnAServerOfItsOwn(Redis redis) throws Exception {
        RedissonClient redisson = redisson(redis);
        try {
            RTopic topic = redisson.getTopic("topic");
            var heard = new LinkedBlockingQueue<String>();
            topic.addListener(String.class, (channel, message) -> heard.add(message));
            topic.publish("message");
            assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("message");
        } finally {
            redisson.shutdown();
        }
    }

    @RepeatedTest(3)
    void springDataWithItsTemplates(Redis redis) {
        LettuceConnectionFactory factory = factory(redis);
        try {
            var template = new StringRedisTemplate(factory);
            assertThat(template.keys("*")).isEmpty();
            template.opsForHash().put("hash", "field", "value");
            List<Object> results = template.execute(new SessionCallback<>() {
                @Override
                @SuppressWarnings("unchecked")
                public <K, V> List<Object> execute(RedisOperations<K, V> operations) {
                    operations.multi();
                    ((RedisOperations<String, String>) operations).opsForValue().increment("count");
                    return operations.exec();
                }
            });
            assertThat(results).containsExactly(1L);
            assertThatThrownBy(() -> template.convertAndSend("channel", "message"))
                    .isInstanceOf(DataAccessException.class)
                    .hasStackTraceContaining("NOPERM");
            assertThat(redis.sync().hget("hash", "field")).isEqualTo("value");
        } finally {
            factory.destroy();
        }
    }

    private static LettuceConnectionFactory factory(Redis redis) {
        var where = new RedisStandaloneConfiguration(redis.host(), redis.port());
        where.setDatabase(redis.database());
        where.setUsername(redis.user());
        where.setPassword(redis.password().reveal());
        var factory = new LettuceConnectionFactory(where);
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }

    private static RedissonClient redisson(Redis redis) {
        var config = new Config();
        config.useSingleServer()
                .setAddress("redis://" + redis.host() + ":" + redis.port())
                .setUsername(redis.user())
                .setPassword(redis.password().reveal())
                .setDatabase(redis.database())
                .setConnectionMinimumIdleSize(2)
                .setConnectionPoolSize(4);
        return Redisson.create(config);
    }
}
