package dev.isolated.postgres;

import java.util.List;

/**
 * What a server shows from outside of a database that somebody has written to it: counts of rows, which also count what
 * happens to catalogs, and all that the server keeps about the database and its role elsewhere. Immutable.
 *
 * @param traces differ where something was written; the asking backend is among them, because a crash that resets the
 *     counts ends that too
 * @param sessions differ where somebody has been connected
 * @param next the first transaction that had not begun when it was taken
 */
record Imprint(String traces, String sessions, String next) {

    /** The first transaction that has not begun yet, in SQL, as a row's {@code xmin} counts. */
    static final String NEXT = "mod(pg_snapshot_xmax(pg_current_snapshot())::text::numeric, 4294967296)::text";

    private static final int SHARED_COUNTS = 15;
    private static final String ROWS_OF = "(SELECT string_agg(r::text, ',' ORDER BY r::text) FROM ";
    private static final String QUERY = "SELECT unnest(ARRAY[concat_ws(';', pg_backend_pid(),"
            + " coalesce(s.tup_inserted, 0), coalesce(s.tup_updated, 0), coalesce(s.tup_deleted, 0), s.stats_reset,"
            + " to_jsonb(d) - 'datname' - 'datacl' - 'datfrozenxid' - 'datminmxid', 'a', "
            + ROWS_OF + "aclexplode(d.datacl) r), 'c', shobj_description(d.oid, 'pg_database'),"
            + " 's', " + ROWS_OF + "pg_db_role_setting r WHERE setdatabase = d.oid OR setrole = o.oid),"
            + " 'm', " + ROWS_OF + "pg_auth_members r WHERE o.oid IN (roleid, member, grantor)),"
            + " 'l', " + ROWS_OF + "pg_shseclabel r WHERE objoid = d.oid),"
            + " 'p', (SELECT count(*) FROM pg_prepared_xacts WHERE database = d.datname)),"
            + " coalesce(s.sessions, 0)::text,"
            + " " + NEXT + "])"
            + " FROM pg_database d JOIN pg_roles o ON o.oid = d.datdba LEFT JOIN pg_stat_database s ON s.datid = d.oid"
            + " WHERE d.datname = '%s'";

    /** Whether a server's counts are complete as soon as a session has ended; older ones may lose some on the way. */
    private static final String COUNTS = "SELECT count(*) FILTER (WHERE current_setting('track_counts')::bool"
            + " AND NOT EXISTS (SELECT FROM pg_db_role_setting WHERE setconfig::text LIKE '%track_counts%')"
            + " AND NOT EXISTS (SELECT FROM pg_parameter_acl WHERE parname = 'track_counts')) FROM (VALUES (1)) one";

    static boolean tellsAll(PostgresAdmin admin) {
        return Facts.major(admin.version()) >= SHARED_COUNTS
                && admin.query(COUNTS).equals(List.of("1"));
    }

    /** Asks for that of a database; in one flight with what comes {@code before}. */
    static Imprint of(String database, PostgresAdmin admin, String before) {
        List<String> told = admin.query(before + String.format(QUERY, database));
        return new Imprint(told.get(0), told.get(1), told.get(2));
    }
}
