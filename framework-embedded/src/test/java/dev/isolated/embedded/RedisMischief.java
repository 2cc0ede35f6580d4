package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Mischief;
import dev.isolated.contract.Mischief.Deed;
import dev.isolated.redis.Redis;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisBusyException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;
import java.util.stream.IntStream;

/** What tests do to a Redis, and leave behind. */
class RedisMischief {

    List<Mischief<Redis>> all() {
        return List.of(
                Mischief.again("writing a lot of every type", RedisMischief::writeEverything),
                Mischief.again("a transaction that was never ended", RedisMischief::abandonTransaction),
                Mischief.again("a client that waits for an element", RedisMischief::wait),
                Mischief.again(
                        "a transaction on the connection that it is lent", RedisMischief::abandonLentTransaction),
                Mischief.again("waiting on the connection that it is lent", RedisMischief::waitOnLent),
                Mischief.again("commands on the connection that it is lent, held back", RedisMischief::holdBack),
                Mischief.again("commands on the connection that it is lent, unanswered", RedisMischief::flood),
                Mischief.again(
                        "emptying its own database",
                        redis(redis -> assertThat(redis.flushdb()).isEqualTo("OK"))),
                Mischief.again(
                        "a script that writes",
                        redis(redis -> redis.eval(
                                "for i = 1, 1000 do redis.call('set', 'key ' .. i, i) end return 'done'",
                                ScriptOutputType.STATUS))),
                Mischief.of("a script that never ends", RedisMischief::loop, redis(RedisCommands::ping)),
                Mischief.again("many open connections", RedisMischief::openMany));
    }

    private interface Use {
        void with(RedisCommands<String, String> redis);
    }

    private static Deed<Redis> redis(Use use) {
        return handle -> use.with(handle.sync());
    }

    private static void writeEverything(Redis handle) {
        RedisCommands<String, String> redis = handle.sync();
        redis.lpush("list", "a", "b");
        redis.hset("hash", "field", "value");
        redis.sadd("set", "member");
        redis.zadd("sorted", 1.0, "member");
        redis.xadd("stream", "field", "value");
        redis.pfadd("log", "element");
        IntStream.range(0, 1_000).forEach(i -> redis.set("key " + i, "x".repeat(100)));
        assertThat(redis.dbsize()).isGreaterThanOrEqualTo(1_006);
    }

    @SuppressWarnings("resource")
    private static void abandonTransaction(Redis handle) {
        RedisCommands<String, String> redis = handle.client().connect().sync();
        redis.watch("watched");
        redis.multi();
        redis.set("queued", "never done");
    }

    @SuppressWarnings("resource")
    private static void wait(Redis handle) {
        StatefulRedisConnection<String, String> connection = handle.client().connect();
        RedisFuture<KeyValue<String, String>> waiting = connection.async().blpop(0, "nothing");
        await().until(() -> handle.sync().info("clients").contains("blocked_clients:1"));
        assertThat(waiting.isDone()).isFalse();
    }

    private static void abandonLentTransaction(Redis handle) {
        handle.sync().watch("watched");
        handle.sync().multi();
        handle.sync().set("queued", "never done");
    }

    private static void waitOnLent(Redis handle) {
        RedisFuture<KeyValue<String, String>> waiting = handle.async().blpop(0, "nothing");
        RedisFuture<String> behind = handle.async().set("behind", "what never comes");
        assertThat(waiting.isDone() || behind.isDone()).isFalse();
    }

    private static void holdBack(Redis handle) {
        handle.connection().setAutoFlushCommands(false);
        assertThat(handle.async().set("held", "back").isDone()).isFalse();
    }

    private static void flood(Redis handle) {
        IntStream.range(0, 20_000).forEach(i -> {
            var unused = handle.async().set("flood " + i, "x".repeat(100));
        });
    }

    private static void loop(Redis handle) {
        RedisFuture<String> endless =
                handle.client().connect().async().eval("while true do end", ScriptOutputType.STATUS);
        await().until(() -> catchThrowable(() -> handle.sync().ping()) instanceof RedisBusyException);
        assertThat(endless.isDone()).isFalse();
    }

    @SuppressWarnings("resource")
    private static void openMany(Redis handle) {
        for (int i = 0; i < 20; i++) {
            RedisCommands<String, String> redis = handle.client().connect().sync();
            assertThatThrownBy(() -> redis.select(handle.database() + 1)).hasMessageContaining("NOPERM");
        }
    }
}
