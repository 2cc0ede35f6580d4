package dev.isolated.postgres;

/**
 * What of a server a test without a sandbox had to itself: a database, or one schema in it. Immutable.
 *
 * @param schemas follows a schema's name in an SQL condition that it is one of the test's
 * @param sessions the SQL condition that a session is one of the test's
 * @param since the first transaction that had not begun when it was pristine
 */
record Scope(String database, String schemas, String sessions, String since) {

    private static final String HERE = "datname = current_database()";

    static Scope of(Clone clone) {
        return new Scope(
                clone.name(),
                " NOT IN ('pg_catalog', 'information_schema')",
                HERE,
                clone.pristine().next());
    }

    /** Whose sessions are told from those of others by a further condition. */
    static Scope ofSchema(String schema, String database, String whose, String since) {
        return new Scope(database, " = '" + schema + "'", HERE + " AND " + whose, since);
    }
}
