package dev.isolated.postgres;

/**
 * The kinds of advisory locks that runs have on a server, of which each is a number. One ends with the session that holds
 * it, so what needs a lock that nobody holds is left over.
 */
enum ServerLock {
    /** Held by a run while it lives. */
    RUN(0x150),
    /** Shared by those who use a template, and had alone by who removes it. */
    TEMPLATE_IN_USE(0x151),
    /** Had by the one who makes a template. */
    TEMPLATE_IN_THE_MAKING(0x152),
    /** Had by who adds up the connections of all runs. */
    BUDGET(0x153),
    /** Had by who changes the rights to the database that schemas are in, which a server refuses to two at the same time. */
    RIGHTS(0x154);

    private final int kind;

    ServerLock(int kind) {
        this.kind = kind;
    }

    /** The query that takes the lock by which a run is known to live. */
    static String ofRun(String run) {
        return RUN.taking(Integer.parseUnsignedInt(run, 16));
    }

    String taking(int number) {
        return query("pg_advisory_lock", number);
    }

    /** Takes it until the end of the transaction, or of the statements that it is sent together with. */
    String takingForNow(int number) {
        return query("pg_advisory_xact_lock", number);
    }

    String sharing(int number) {
        return query("pg_advisory_lock_shared", number);
    }

    /** Tells whether it was taken, without waiting. */
    String trying(int number) {
        return query("pg_try_advisory_lock", number);
    }

    String freeing(int number) {
        return query("pg_advisory_unlock", number);
    }

    /** The query for who holds it: the number of the server's process, and what the session calls itself. */
    String holders(int number) {
        return "SELECT 'backend ' || pid || ', \"' || application_name || '\"' FROM pg_locks JOIN pg_stat_activity"
                + " USING (pid) WHERE locktype = 'advisory' AND granted AND classid = " + kind + " AND objid = "
                + Integer.toUnsignedLong(number)
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    }

    private String query(String function, int number) {
        return "SELECT " + function + "(" + kind + ", " + number + ")";
    }

    /** The condition that nobody holds the one whose number's eight digits an SQL expression gives. */
    String nobodyHolds(String digits) {
        return "NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND classid = " + kind
                + " AND objid = ('x' || " + digits + ")::bit(32)::bigint::oid"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))";
    }
}
