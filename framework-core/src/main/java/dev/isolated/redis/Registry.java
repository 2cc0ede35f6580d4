package dev.isolated.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/**
 * Who holds which database number: kept in the server's last database, for all runs on all machines. A hash has the owner
 * of each number, {@code run/user}, and what tells it from one that was there before; a key for each run expires when
 * nobody renews it. Every step is one script, so that nothing comes between; times are the server's alone. Thread-safe.
 */
final class Registry {

    /** How long a run counts as alive after its last sign of life. */
    static final Duration LIFE = Duration.ofSeconds(8);

    /** How long after a sign of life the next one follows. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** How long one sign of life may take, so that another one is in time. */
    static final Duration BEAT = Duration.ofSeconds(2);

    private static final String FREE = """
            redis.call('select', ARGV[1])
            local asked = 'isolated:lease:' .. ARGV[3]
            local given = redis.call('get', asked)
            if given and redis.call('hget', 'isolated:numbers', given) == ARGV[3] then return tonumber(given) end
            local count = ARGV[1] - ARGV[2]
            if redis.call('hlen', 'isolated:numbers') > count then return -1 end
            local start = redis.call('incr', 'isolated:next')
            for i = 1, count do
              local number = ARGV[2] + (start + i) % count
              if redis.call('hexists', 'isolated:numbers', number) == 0 then
                redis.call('select', number)
                local empty = redis.call('dbsize') == 0
                redis.call('select', ARGV[1])
                if empty then
                  redis.call('hset', 'isolated:numbers', number, ARGV[3])
                  redis.call('set', asked, number, 'px', ARGV[4])
                  return number
                end
              end
            end
            return -1
            """;

    /** Lua that says which process of the server's this is: another one has no user that this one had. */
    private static final String PROCESS = """
            local function process() return string.match(redis.call('info', 'server'), 'run_id:(%x+)') or '' end
            """;

    private static final String OWNS = PROCESS + """
            redis.call('select', ARGV[1])
            local owned = redis.call('hget', 'isolated:numbers', ARGV[2]) == ARGV[3]
            return owned and process() == ARGV[4] and 1 or 0
            """;

    private static final String REGAIN = """
            redis.call('select', ARGV[1])
            local owner = redis.call('hget', 'isolated:numbers', ARGV[2])
            if owner == ARGV[4] then return 1 end
            if owner and owner ~= ARGV[3] then return 0 end
            redis.call('select', ARGV[2])
            if not owner and redis.call('dbsize') > 0 then return 0 end
            redis.call('select', ARGV[1])
            redis.call('hset', 'isolated:numbers', ARGV[2], ARGV[4])
            return 1
            """;

    private static final String RENEW = PROCESS + """
            redis.call('select', ARGV[1])
            redis.call('set', 'isolated:run:' .. ARGV[2], ARGV[3], 'px', ARGV[4])
            redis.call('hsetnx', 'isolated:numbers', 'id', ARGV[5])
            local told, lives = { redis.call('hget', 'isolated:numbers', 'id'), process() }, {}
            local own = ARGV[2] .. '/isolated_' .. ARGV[2] .. '_'
            local all = redis.call('hgetall', 'isolated:numbers')
            for i = 1, #all, 2 do
              local owner = all[i + 1]
              local run = string.match(owner, '^([^/]+)/')
              if run then
                if lives[run] == nil then lives[run] = redis.call('exists', 'isolated:run:' .. run) end
                local inherited = run == ARGV[2] and string.sub(owner, 1, #own) ~= own
                if lives[run] == 0 or inherited then told[#told + 1] = all[i] .. ' ' .. owner end
              end
            end
            return told
            """;

    private static final String CLAIM = """
            redis.call('select', ARGV[1])
            local owner = redis.call('hget', 'isolated:numbers', ARGV[2])
            if owner == ARGV[4] then return 1 end
            if owner ~= ARGV[3] then return 0 end
            if redis.call('exists', 'isolated:run:' .. string.match(ARGV[3], '^[^/]+')) == 1 then return 0 end
            redis.call('hset', 'isolated:numbers', ARGV[2], ARGV[4])
            return 1
            """;

    private static final String EMPTY = Interpreter.DEFAULTS + """
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
              local run = string.match(all[i], '^([^/]+)/')
              if run then counts[run] = (counts[run] or 0) + 1 end
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
    private final LongSupplier nanoTime;
    private final Set<Left> abandoned = ConcurrentHashMap.newKeySet();
    private long renewed;
    private int gaps;
    private String id = "";
    private String process = "";

    Registry(RedisAdmin admin, Numbers numbers, String run, LongSupplier nanoTime) {
        this.admin = admin;
        this.numbers = numbers;
        this.run = run;
        this.nanoTime = nanoTime;
        who = "process " + ProcessHandle.current().pid() + " on " + Machine.name();
    }

    /** A number that somebody has left. */
    record Left(int number, Owner owner) {

        static Left of(Place place) {
            return new Left(place.database(), place.owner());
        }
    }

    /** A time in which what was registered stays so, and users that were made are there. */
    record Era(String registry, String process, int gaps) {}

    /** Shows that this run lives. */
    void renew(Duration patience) {
        show(patience);
    }

    /** The numbers that were left: by runs that live no longer, and by this run, where it could not give them back. */
    List<Left> left() {
        return Stream.concat(show(Clients.PATIENCE), abandoned.stream()).toList();
    }

    private Stream<Left> show(Duration patience) {
        long sent = nanoTime.getAsLong();
        List<String> script = script(
                RENEW,
                run,
                who,
                Long.toString(LIFE.toMillis()),
                UUID.randomUUID().toString());
        List<Object> told =
                eval("look for the leases of dead runs", script, patience).answer();
        shown(sent, nanoTime.getAsLong(), String.valueOf(told.get(0)), String.valueOf(told.get(1)));
        return told.stream()
                .skip(2)
                .map(it -> String.valueOf(it).split(" ", 2))
                .map(it -> new Left(Integer.parseInt(it[0]), Owner.parse(it[1])));
    }

    private synchronized void shown(long sent, long answered, String registry, String server) {
        if (!id.isEmpty() && answered - renewed > LIFE.toNanos()) {
            gaps++;
        }
        renewed = sent;
        id = registry;
        process = server;
    }

    /**
     * Since when nothing can have happened to what is registered now: neither was the registry lost, with all that the server
     * had, nor was the server restarted, nor may this run have counted as dead to others.
     */
    synchronized Era era() {
        return new Era(id, process, gaps);
    }

    /** The same, asked for: a restart may be later than the last sign of life. */
    Era eraNow() {
        renew(Clients.PATIENCE);
        return era();
    }

    /** Whether a place is still registered, as far as that can be told without asking. */
    synchronized boolean knows(Place place) {
        return place.era().equals(era()) && nanoTime.getAsLong() - renewed <= LIFE.toNanos();
    }

    /** Whether a place is its owner's, and the server was not restarted since. */
    boolean owns(Place place) {
        return eval(
                                "ask whose database " + place.database() + " is",
                                OWNS,
                                Integer.toString(place.database()),
                                place.owner().toString(),
                                place.era().process())
                        .number()
                == 1;
    }

    /** Registers a number for who had it, unless it is another's by now or something is in it that nobody knows. */
    boolean regain(int number, Owner before, Owner now) {
        return eval(
                                "register database " + number + " again",
                                REGAIN,
                                Integer.toString(number),
                                before.toString(),
                                now.toString())
                        .number()
                == 1;
    }

    /**
     * A number that nobody has and in which nothing is, registered for an owner; the same again where the driver repeats the
     * question, because the connection was cut before the answer came.
     */
    OptionalInt lease(Owner owner) {
        String repeats = Long.toString(Clients.PATIENCE.multipliedBy(2).toMillis());
        int number = Math.toIntExact(
                eval("lease a database", FREE, Integer.toString(Numbers.FIRST), owner.toString(), repeats)
                        .number());
        return number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
    }

    /** Takes over what was left, unless its run lives again or somebody else was first. */
    boolean claim(Left left) {
        return eval(
                                "take over database " + left.number(),
                                CLAIM,
                                Integer.toString(left.number()),
                                left.owner().toString(),
                                heir(left).toString())
                        .number()
                == 1;
    }

    /** Who has it once it is taken over. */
    Owner heir(Left left) {
        return left.owner().inheritedBy(run);
    }

    /** Notes that a number could not be given back. */
    void abandon(Place place) {
        abandoned.add(Left.of(place));
    }

    /** A number was given back, or is somebody else's. */
    void released(Left left) {
        abandoned.remove(left);
    }

    /** The command that empties an owner's database, and answers -1 where the number is another's by now. */
    List<String> emptying(Place place) {
        return emptying(place, "keep");
    }

    /** The same, and the number is free again. */
    List<String> releasing(Place place) {
        return emptying(place, "release");
    }

    private List<String> emptying(Place place, String fate) {
        return script(EMPTY, Integer.toString(place.database()), place.owner().toString(), fate, strays());
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
        return eval(task, script(script, arguments), Clients.PATIENCE);
    }

    private Reply eval(String task, List<String> command, Duration patience) {
        Reply reply = admin.await(task + " on " + admin.server().describe(), admin.send(List.of(command)), patience)
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
