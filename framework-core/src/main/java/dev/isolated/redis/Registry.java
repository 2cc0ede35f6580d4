package dev.isolated.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * Who holds which database number: kept in the server's last database, for all runs on all machines. A hash has the owner
 * of each number, {@code run/slice}; a key for each run expires when nobody renews it. Every step is one script, so that
 * nothing comes between; times are the server's alone. Thread-safe.
 */
final class Registry {

    /** How long a run counts as alive after its last sign of life. */
    static final Duration LIFE = Duration.ofSeconds(8);

    private static final String FREE = """
            redis.call('select', ARGV[1])
            local count = ARGV[1] - ARGV[2]
            if redis.call('hlen', 'isolated:numbers') >= count then return -1 end
            local start = redis.call('incr', 'isolated:next')
            for i = 1, count do
              local number = ARGV[2] + (start + i) % count
              if redis.call('hexists', 'isolated:numbers', number) == 0 then
                redis.call('select', number)
                local empty = redis.call('dbsize') == 0
                redis.call('select', ARGV[1])
                if empty then
                  redis.call('hset', 'isolated:numbers', number, ARGV[3])
                  return number
                end
              end
            end
            return -1
            """;

    private static final String OWNS = """
            redis.call('select', ARGV[1])
            return redis.call('hget', 'isolated:numbers', ARGV[2]) == ARGV[3] and 1 or 0
            """;

    private static final String REGAIN = """
            redis.call('select', ARGV[1])
            local owner = redis.call('hget', 'isolated:numbers', ARGV[2])
            if owner == ARGV[3] then return 1 end
            if owner then return 0 end
            redis.call('select', ARGV[2])
            if redis.call('dbsize') > 0 then return 0 end
            redis.call('select', ARGV[1])
            redis.call('hset', 'isolated:numbers', ARGV[2], ARGV[3])
            return 1
            """;

    private static final String RENEW = """
            redis.call('select', ARGV[1])
            redis.call('set', 'isolated:run:' .. ARGV[2], ARGV[3], 'px', ARGV[4])
            local dead, lives = {}, {}
            local all = redis.call('hgetall', 'isolated:numbers')
            for i = 1, #all, 2 do
              local run = string.match(all[i + 1], '^[^/]+')
              if lives[run] == nil then lives[run] = redis.call('exists', 'isolated:run:' .. run) end
              if lives[run] == 0 then dead[#dead + 1] = all[i] .. ' ' .. all[i + 1] end
            end
            return dead
            """;

    private static final String CLAIM = """
            redis.call('select', ARGV[1])
            if redis.call('hget', 'isolated:numbers', ARGV[2]) ~= ARGV[3] then return 0 end
            if redis.call('exists', 'isolated:run:' .. string.match(ARGV[3], '^[^/]+')) == 1 then return 0 end
            redis.call('hset', 'isolated:numbers', ARGV[2], ARGV[4])
            return 1
            """;

    private static final String EMPTY = """
            redis.call('select', ARGV[1])
            if redis.call('hget', 'isolated:numbers', ARGV[2]) ~= ARGV[3] then return -1 end
            redis.call('select', ARGV[2])
            redis.call('flushdb')
            if ARGV[4] == 'release' then
              redis.call('select', ARGV[1])
              redis.call('hdel', 'isolated:numbers', ARGV[2])
            end
            if ARGV[5] == '0' then return 0 end
            redis.call('select', 0)
            local strays = redis.call('dbsize')
            if strays > 0 then redis.call('flushdb') end
            return strays
            """;

    private static final String HOLDERS = """
            redis.call('select', ARGV[1])
            local counts, told = {}, {}
            local all = redis.call('hvals', 'isolated:numbers')
            for i = 1, #all do
              local run = string.match(all[i], '^[^/]+')
              counts[run] = (counts[run] or 0) + 1
            end
            for run, count in pairs(counts) do
              local who = redis.call('get', 'isolated:run:' .. run) or 'a process that has ended'
              told[#told + 1] = count .. ' by run ' .. run .. ' (' .. who .. ')'
            end
            return told
            """;

    private static final String END =
            "redis.call('select', ARGV[1]) return redis.call('del', 'isolated:run:' .. ARGV[2])";

    private final RedisAdmin admin;
    private final Numbers numbers;
    private final String run;
    private final String who;
    private volatile long renewed;

    Registry(RedisAdmin admin, Numbers numbers, String run) {
        this.admin = admin;
        this.numbers = numbers;
        this.run = run;
        who = "process " + ProcessHandle.current().pid() + " on " + Machine.name();
    }

    /** A number of an owner that no longer lives. */
    record Dead(int number, String owner) {

        String run() {
            return owner.substring(0, owner.indexOf('/'));
        }
    }

    /** Shows that this run lives; the numbers whose runs do not. */
    List<Dead> renew() {
        long now = System.nanoTime();
        List<Object> told = eval("look for the leases of dead runs", RENEW, run, who, Long.toString(LIFE.toMillis()))
                .answer();
        renewed = now;
        return told.stream()
                .map(it -> String.valueOf(it).split(" ", 2))
                .map(it -> new Dead(Integer.parseInt(it[0]), it[1]))
                .toList();
    }

    /** Whether this run may count as dead to others by now. */
    boolean silent() {
        return System.nanoTime() - renewed > LIFE.toNanos();
    }

    /** Whether a number is an owner's. */
    boolean owns(int number, String owner) {
        return eval("ask whose database " + number + " is", OWNS, Integer.toString(number), owner)
                        .number()
                == 1;
    }

    /** Registers a number for an owner that had it, unless it is another's by now or something is in it that nobody knows. */
    boolean regain(int number, String owner) {
        return eval("register database " + number + " again", REGAIN, Integer.toString(number), owner)
                        .number()
                == 1;
    }

    /** A number that nobody has and in which nothing is, registered for an owner. */
    OptionalInt lease(String owner) {
        int number = Math.toIntExact(eval("lease a database", FREE, Integer.toString(Numbers.FIRST), owner)
                .number());
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Takes a dead owner's number for another owner, unless that owner lives again or somebody else was first. */
    boolean claim(Dead dead, String owner) {
        return eval("take over database " + dead.number(), CLAIM, Integer.toString(dead.number()), dead.owner(), owner)
                        .number()
                == 1;
    }

    /** The command that empties an owner's database, and answers -1 where the number is another's by now. */
    List<String> emptying(int number, String owner) {
        return script(EMPTY, Integer.toString(number), owner, "keep", strays());
    }

    /** The same, and the number is free again. */
    List<String> releasing(int number, String owner) {
        return script(EMPTY, Integer.toString(number), owner, "release", strays());
    }

    /** Who has how many numbers, in words. */
    List<String> holders() {
        return eval("ask who holds databases", HOLDERS).answer().stream()
                .map(String::valueOf)
                .sorted()
                .toList();
    }

    /** Says that this run has ended, so that what it has left need not expire first. */
    void end() {
        eval("say that run " + run + " has ended", END, run);
    }

    /** On a server of this library nothing has a place in database 0; on any other it is not ours to look at. */
    private String strays() {
        return admin.server().tenure().ours() ? "1" : "0";
    }

    private Reply eval(String task, String script, String... arguments) {
        Reply reply = admin.await(
                        task + " on " + admin.server().describe(), admin.send(List.of(script(script, arguments))))
                .get(0);
        reply.require();
        return reply;
    }

    private List<String> script(String script, String... arguments) {
        var line = new ArrayList<>(List.of("EVAL", script, "0", Integer.toString(numbers.registry())));
        line.addAll(List.of(arguments));
        return line;
    }
}
