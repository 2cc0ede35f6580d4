package dev.isolated.postgres;

/** What becomes, after a test, of sequences, which a rollback leaves where they are. */
enum Sequences {
    KEEP,
    RESET;

    /** The sequences that the session may set, each as a query for its state. */
    static final String QUERIES = """
            SELECT string_agg(format('SELECT %L AS name, last_value, is_called FROM %s', oid::regclass, oid::regclass),
                              ' UNION ALL ')
              FROM pg_catalog.pg_class WHERE CASE WHEN relkind = 'S' THEN has_sequence_privilege(oid, 'UPDATE') AND has_sequence_privilege(oid, 'SELECT') ELSE false END
            """;

    /** What sets them back to where they are now; no text where there are none. */
    static String setting(String queries) {
        return "SELECT string_agg(format('pg_catalog.setval(%L, %s, %L)', name, last_value, is_called), ', ')"
                + " FROM (" + queries + ") sequences";
    }
}
