package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import java.time.Duration;

/** The one interpreter in which a server runs everybody's scripts, whatever database they act on. Immutable. */
record Interpreter(RedisAdmin admin) {

    /**
     * Lua that takes from scripts the ways in which one could have its code run by another, with that one's rights: the
     * metatable that all strings share, new globals for others' functions, and finalizers, which run when anybody's script
     * makes the collector work. Newer servers do the same by themselves (CVE-2025-46818). What was compiled before keeps the
     * globals of then, in which the server sets no arguments any more; so it has to be the first script, and changes nothing
     * when it is run again.
     */
    static final String SEAL = """
            pcall(function() getmetatable('').__metatable = false end)
            if rawget(_G, 'setfenv') and rawget(getfenv(0), 'setfenv') then
              local sealed = {}
              for name, value in pairs(_G) do sealed[name] = value end
              sealed._G, sealed.setfenv, sealed.getfenv, sealed.newproxy = sealed, nil, nil, nil
              setmetatable(sealed, getmetatable(_G))
              setfenv(0, sealed)
            end
            """;

    private static final Duration LEAST = Duration.ofMillis(1);

    private static final String SEALED = """
            local open = pcall(function() getmetatable('').none = nil end)
            return (open or rawget(_G, 'setfenv') or rawget(_G, 'newproxy')) and 0 or 1
            """;

    /** Lua that gives {@code cjson}, which all scripts have in common, the settings of a new one. */
    static final String DEFAULTS = """
            for name, setting in pairs(cjson.new()) do
              if string.find(name, '^..code_') then cjson[name](setting()) end
            end
            """;

    /**
     * Sees to it that tests' scripts are kept apart. It lasts as long as the interpreter: until a restart or {@code SCRIPT
     * FLUSH}. All of it takes no longer than that.
     */
    void seal(Duration patience) {
        long start = System.nanoTime();
        if (isSealed(patience)) {
            return;
        }
        String task = "keep scripts on " + admin.server().describe() + " apart";
        admin.runInANewInterpreter(task, SEAL, left(patience, start));
        if (!isSealed(left(patience, start))) {
            throw new IsolationException(Explanation.couldNot(task)
                    .expected("that none can change what all others use")
                    .found("that one can")
                    .next("use a newer server, or give each test one of its own: @Isolated(mode = \""
                            + RedisService.SERVER + "\")"));
        }
    }

    private static Duration left(Duration patience, long start) {
        Duration left = patience.minusNanos(System.nanoTime() - start);
        return left.compareTo(LEAST) > 0 ? left : LEAST;
    }

    private boolean isSealed(Duration patience) {
        String task = "ask what scripts on " + admin.server().describe() + " can do to each other";
        return admin.ask(task, patience, "EVAL", SEALED, "0").number() == 1;
    }
}
