package dev.isolated.redis;

/**
 * The database numbers of a server. Database 0, in which clients are that never select, and the last one, which has the
 * registry, are leased to nobody. Immutable.
 */
record Numbers(int databases) {

    static final int FIRST = 1;

    private static final int ENOUGH = 1 << 24;

    /** Fails where the administrator may not select. */
    private static final String SELECTABLE = """
            local answer = redis.pcall('select', ARGV[1])
            if not answer.err then return 1 end
            return string.find(answer.err, 'out of range') and 0 or answer
            """;

    /** Asks the server, by selecting: that needs no right to read its configuration. */
    static Numbers of(RedisAdmin admin) {
        int there = 0;
        int beyond = 1;
        while (beyond < ENOUGH && exists(admin, beyond)) {
            there = beyond;
            beyond *= 2;
        }
        while (beyond - there > 1) {
            int middle = (there + beyond) >>> 1;
            if (exists(admin, middle)) {
                there = middle;
            } else {
                beyond = middle;
            }
        }
        return new Numbers(there + 1);
    }

    /** Where the registry is. */
    int registry() {
        return databases - 1;
    }

    /** How many can be leased. */
    int leasable() {
        return Math.max(0, databases - 2);
    }

    private static boolean exists(RedisAdmin admin, int database) {
        String task = "count the databases of " + admin.server().describe();
        return admin.ask(task, "EVAL", SELECTABLE, "0", Integer.toString(database))
                        .number()
                == 1;
    }
}
