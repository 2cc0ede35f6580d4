package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.Mischief;
import dev.isolated.redis.Redis;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.List;

/** What a test does to a Redis that it has for itself. */
final class RedisServerMischief extends RedisMischief {

    @Override
    List<Mischief<Redis>> all() {
        return List.of(
                Mischief.again("emptying every database", RedisServerMischief::emptyAll),
                Mischief.again("other settings", RedisServerMischief::configure),
                Mischief.again("another password", RedisServerMischief::changePassword),
                Mischief.again("functions", RedisServerMischief::loadFunction),
                Mischief.again("stopping the server", RedisServerMischief::shutDown));
    }

    private static void emptyAll(Redis handle) {
        RedisCommands<String, String> redis = handle.sync();
        assertThat(redis.select(15)).isEqualTo("OK");
        assertThat(redis.dbsize()).isZero();
        redis.set("key", "in database 15");
        assertThat(redis.flushall()).isEqualTo("OK");
        redis.set("key", "in database 15 again");
    }

    private static void configure(Redis handle) {
        assertThat(handle.sync().configGet("maxmemory")).containsEntry("maxmemory", "0");
        handle.sync().configSet("maxmemory", "10mb");
    }

    private static void changePassword(Redis handle) {
        assertThat(handle.sync().configSet("requirepass", "no secret")).isEqualTo("OK");
    }

    private static void loadFunction(Redis handle) {
        String library = "#!lua name=mine\nredis.register_function('one', function() return 1 end)";
        assertThat(handle.sync().functionLoad(library)).isEqualTo("mine");
    }

    private static void shutDown(Redis handle) {
        handle.sync().shutdown(false);
    }
}
