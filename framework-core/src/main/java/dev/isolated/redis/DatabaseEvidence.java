package dev.isolated.redis;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Evidence;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a failed test has in its database, and what its clients did last. Used once. */
final class DatabaseEvidence {

    /** As many refusals as a server remembers by itself; they are everybody's. */
    private static final int REMEMBERED = 128;

    private static final double NANOS_PER_SECOND = 1e9;

    private static final int MOST_KEYS = 50;
    private static final int MOST_CHARACTERS = 400;
    private static final int MOST_ELEMENTS = 10;

    /** One line for each key; values are cut, whatever they are. */
    private static final String KEYS = """
            redis.call('select', ARGV[1])
            local most, elements, characters = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
            local lines, cursor = { redis.call('dbsize') .. ' keys' }, '0'
            local read = {
              string = function(key) return { redis.call('getrange', key, 0, characters - 1) } end,
              list = function(key) return redis.call('lrange', key, 0, elements - 1) end,
              hash = function(key) return redis.call('hscan', key, 0, 'count', elements)[2] end,
              set = function(key) return redis.call('sscan', key, 0, 'count', elements)[2] end,
              zset = function(key) return redis.call('zrange', key, 0, elements - 1, 'withscores') end,
              stream = function(key)
                local values = {}
                for _, entry in ipairs(redis.call('xrange', key, '-', '+', 'count', elements)) do
                  values[#values + 1] = entry[1]
                  for _, part in ipairs(entry[2]) do values[#values + 1] = part end
                end
                return values
              end,
            }
            repeat
              local page = redis.call('scan', cursor, 'count', most)
              cursor = page[1]
              for _, key in ipairs(page[2]) do
                if #lines > most then return lines end
                local type = redis.call('type', key).ok
                local values = read[type] and read[type](key) or {}
                local shown = {}
                for i = 1, math.min(#values, elements * 2) do
                  shown[i] = string.sub(tostring(values[i]), 1, characters)
                end
                local left = redis.call('pttl', key)
                lines[#lines + 1] = string.sub(key, 1, characters) .. ': ' .. type .. ', ' .. tostring(redis.call('memory', 'usage', key))
                    .. ' bytes' .. (left < 0 and '' or ', expires in ' .. left .. ' ms') .. ': '
                    .. string.sub(table.concat(shown, ' '), 1, characters)
              end
            until cursor == '0'
            return lines
            """;

    private final RedisAdmin admin;
    private final int database;
    private final Secret password;
    private final Pattern own;
    private final long since;

    /** @param since when the test was given its user, by {@link System#nanoTime()}; others have had it before */
    DatabaseEvidence(RedisAdmin admin, int database, String user, Secret password, long since) {
        this.since = since;
        this.admin = admin;
        this.database = database;
        this.password = password;
        own = Pattern.compile("\\b" + Pattern.quote(user) + "(_kept)?\\b");
    }

    List<Evidence> all() {
        var all = new ArrayList<Evidence>();
        all.add(of("keys in database " + database, keys()));
        all.add(of("what its clients did last", clients()));
        all.add(of("what the server has refused", refused()));
        return all.stream().map(it -> it.without(password)).toList();
    }

    private Reply keys() {
        return admin.ask(
                "read " + database,
                "EVAL",
                KEYS,
                "0",
                Integer.toString(database),
                Integer.toString(MOST_KEYS),
                Integer.toString(MOST_ELEMENTS),
                Integer.toString(MOST_CHARACTERS));
    }

    private Reply clients() {
        return lines(admin.ask("list clients", "CLIENT", "LIST"));
    }

    private Reply refused() {
        Reply reply = admin.ask("read the log of refusals", "ACL", "LOG", Integer.toString(REMEMBERED));
        double age = (System.nanoTime() - since) / NANOS_PER_SECOND;
        List<Object> refused = reply.answer().stream()
                .filter(it -> own.matcher(String.valueOf(it)).find())
                .map(Refusal::of)
                .filter(it -> it.seconds() <= age)
                .map(Object.class::cast)
                .toList();
        return new Reply(reply.task(), reply.server(), refused, reply.failure());
    }

    private Reply lines(Reply reply) {
        List<Object> lines = String.join(
                        "\n", reply.answer().stream().map(String::valueOf).toList())
                .lines()
                .filter(line -> own.matcher(line).find())
                .map(Object.class::cast)
                .toList();
        return new Reply(reply.task(), reply.server(), lines, reply.failure());
    }

    private static Evidence of(String title, Reply reply) {
        Throwable failure = reply.failure();
        return failure != null ? Evidence.notToBeHad(title, failure) : new Evidence(title, reply.text());
    }
}
