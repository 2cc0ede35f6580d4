package dev.isolated.embedded;

import dev.isolated.redis.Redis;
import io.lettuce.core.KeyValue;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;

/**
 * One test of many that does what it may in its database, and tries what it may not; it knows what it has written, and looks
 * for it after each deed. Used by one thread.
 */
final class RedisTorture {

    private static final int DEEDS = 12;
    private static final int DEEDS_KNOWN = 17;
    private static final int TRIES = 5;

    private final String name;
    private final Random random;
    private final Consumer<Runnable> background;
    private final List<String> forbidden = new ArrayList<>();

    /** What has to be there, until the test removes it. */
    private final Map<String, String> written = new HashMap<>();

    /** The background has what the test leaves running when it ends. */
    RedisTorture(String name, long seed, Consumer<Runnable> background) {
        this.name = name;
        this.background = background;
        random = new Random(seed);
    }

    /** What should never have happened; empty where nothing has. */
    Optional<String> run(Redis redis) {
        RedisCommands<String, String> own = redis.sync();
        Long before = own.dbsize();
        if (before != 0) {
            return Optional.of(name + " was handed database " + redis.database() + " with " + own.keys("*"));
        }
        own.set(wrote("first", name), name);
        for (int i = random.nextInt(DEEDS); i > 0; i--) {
            int which = random.nextInt(DEEDS_KNOWN);
            deed(redis, which);
            List<String> lost = lost(own);
            if (!lost.isEmpty()) {
                return Optional.of(name + " lost " + lost + " in database " + redis.database() + " at deed " + which);
            }
        }
        List<String> foreign =
                own.keys("*").stream().filter(it -> !it.startsWith(key(""))).toList();
        if (!foreign.isEmpty()) {
            return Optional.of(name + " found " + foreign + " in database " + redis.database());
        }
        return forbidden.isEmpty() ? Optional.empty() : Optional.of(name + " was allowed to " + forbidden);
    }

    private void deed(Redis redis, int which) {
        switch (which) {
            case 0 -> plain(redis);
            case 1 -> flood(redis);
            case 2 -> script(redis);
            case 3 -> refused(redis, "SELECT", other(redis));
            case 4 -> refused(redis, "FLUSHALL");
            case 5 -> refused(redis, "PUBLISH", "channel", name);
            case 6 -> abandonTransaction(redis);
            case 7 -> waitForever(redis);
            case 8 -> reconnectForAWhile(redis);
            case 9 -> refused(redis, "EVAL", "redis.call('select', " + other(redis) + ")", "0");
            case 10 -> refused(redis, "SUBSCRIBE", "channel");
            case 11 -> refusedInATransaction(redis, "SELECT", other(redis));
            case 12 -> refused(redis, "COPY", key("first"), key("copied"), "DB", other(redis), "REPLACE");
            case 13 -> refused(redis, "SWAPDB", Integer.toString(redis.database()), other(redis));
            case 14 -> refusedInATransaction(redis, "SWAPDB", Integer.toString(redis.database()), other(redis));
            case 15 ->
                refused(redis, "EVAL", "redis.call('swapdb', " + redis.database() + ", " + other(redis) + ")", "0");
            default -> {
                written.clear();
                redis.sync().flushdb();
            }
        }
    }

    /** Notes what is about to be written. */
    private String wrote(String what, String value) {
        written.put(key(what), value);
        return key(what);
    }

    private List<String> lost(RedisCommands<String, String> own) {
        if (written.isEmpty()) {
            return List.of();
        }
        return own.mget(written.keySet().toArray(String[]::new)).stream()
                .filter(it -> !it.equals(KeyValue.just(it.getKey(), written.get(it.getKey()))))
                .map(it -> it.getKey())
                .toList();
    }

    private void plain(Redis redis) {
        String value = "x".repeat(random.nextInt(2_000));
        redis.sync().set(wrote("plain", value), value);
    }

    private void flood(Redis redis) {
        for (int i = 0; i < 200; i++) {
            var unused = redis.async().set(wrote("flood " + i, name), name);
        }
    }

    private void script(Redis redis) {
        for (int i = 1; i <= 100; i++) {
            written.put(key("script ") + i, Integer.toString(i));
        }
        redis.sync()
                .eval(
                        "for i = 1, 100 do redis.call('set', ARGV[1] .. i, i) end return 'done'",
                        ScriptOutputType.STATUS,
                        new String[0],
                        key("script "));
    }

    private String other(Redis redis) {
        int number = random.nextInt(RedisTortureTest.DATABASES - 1);
        return Integer.toString(number < redis.database() ? number : number + 1);
    }

    private void refused(Redis redis, String command, String... arguments) {
        refused(redis, jedis -> jedis.sendCommand(Protocol.Command.valueOf(command), arguments), command, arguments);
    }

    private void refusedInATransaction(Redis redis, String command, String... arguments) {
        Consumer<Jedis> deed = jedis -> {
            jedis.sendCommand(Protocol.Command.MULTI);
            jedis.sendCommand(Protocol.Command.valueOf(command), arguments);
            jedis.sendCommand(Protocol.Command.EXEC);
        };
        refused(redis, deed, "MULTI " + command, arguments);
    }

    private void refused(Redis redis, Consumer<Jedis> deed, String command, String... arguments) {
        try (Jedis jedis = jedis(redis)) {
            deed.accept(jedis);
            forbidden.add(command + " " + String.join(" ", arguments));
        } catch (JedisException e) {
            if (!String.valueOf(e.getMessage()).matches("(?s).*(NOPERM|can't run this command|not allowed).*")) {
                forbidden.add("fail otherwise: " + e.getMessage());
            }
        }
    }

    /** On the lent connection it has to end, for the test goes on there. */
    @SuppressWarnings("resource")
    private void abandonTransaction(Redis redis) {
        boolean lent = random.nextBoolean();
        RedisCommands<String, String> commands =
                lent ? redis.sync() : redis.client().connect().sync();
        commands.watch(key("watched"));
        commands.multi();
        commands.set(key("queued"), name);
        if (lent) {
            commands.discard();
        }
    }

    @SuppressWarnings("resource")
    private void waitForever(Redis redis) {
        var unused = redis.client().connect().async().blpop(0, key("nothing"));
    }

    /** A client that goes on when its test has ended: whatever it writes must have been for its own test. */
    private void reconnectForAWhile(Redis redis) {
        HostAndPort address = new HostAndPort(redis.host(), redis.port());
        DefaultJedisClientConfig login = login(redis);
        background.accept(() -> {
            for (int failures = 0; failures < TRIES; ) {
                try (Jedis jedis = new Jedis(address, login)) {
                    while (true) {
                        jedis.set(key("late"), name);
                    }
                } catch (JedisException e) {
                    failures++;
                }
            }
        });
    }

    private String key(String what) {
        return name + ": " + what;
    }

    private static Jedis jedis(Redis redis) {
        return new Jedis(new HostAndPort(redis.host(), redis.port()), login(redis));
    }

    private static DefaultJedisClientConfig login(Redis redis) {
        return DefaultJedisClientConfig.builder()
                .user(redis.user())
                .password(redis.password().reveal())
                .database(redis.database())
                .build();
    }
}
