package dev.isolated.postgres;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The tables in which a transaction that is not committed has left something, as far as the server tells; where it does
 * not, a table more rather than one less. Immutable.
 *
 * @param tables which those are, and those that it has only read or referred to with a lock
 * @param schemaChanged whether it has made, changed or dropped something that the catalogs describe
 */
record Footprint(List<Table> tables, boolean schemaChanged) {

    /**
     * A table that the transaction has a lock on.
     *
     * @param written whether it has written there, so that nobody else may look
     * @param held whether rows may be locked there, so that nobody else may change or delete them
     * @param changed whether rows may have been changed or deleted, so that nobody else may insert either
     */
    record Table(String oid, String name, boolean written, boolean held, boolean changed) {}

    static final String STRONG_LOCKS = "('ShareUpdateExclusiveLock', 'ShareLock', 'ShareRowExclusiveLock',"
            + " 'ExclusiveLock', 'AccessExclusiveLock')";

    static final String OWN_TABLE_LOCKS = "l.locktype = 'relation' AND l.pid = pg_catalog.pg_backend_pid()"
            + " AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

    private static final Pattern ROW_LOCK =
            Pattern.compile("\\bfor\\s+(no\\s+key\\s+|key\\s+)?(update|share)\\b", Pattern.CASE_INSENSITIVE);

    private static final String LARGE_OBJECTS = "2613";

    private static final List<String> CATALOGS = List.of(
            "class",
            "attribute",
            "attrdef",
            "proc",
            "type",
            "enum",
            "constraint",
            "index",
            "trigger",
            "rewrite",
            "policy",
            "namespace",
            "depend");

    /** Whether a statement may lock rows without writing them. */
    static boolean locksRows(String sql) {
        return ROW_LOCK.matcher(sql).find();
    }

    /**
     * The ids of the transactions that are not committed.
     *
     * @param first the physical transaction's
     * @param since the first of theirs
     */
    record Span(String first, String since) {

        String condition() {
            return youngerThan("xmin", since);
        }
    }

    private static String youngerThan(String xid, String since) {
        return "pg_catalog.age(" + xid + ") <= pg_catalog.age('" + since + "'::pg_catalog.xid)";
    }

    /**
     * What transactions have left.
     *
     * @param clean tables in which nothing was theirs when the server had counted so many changes
     */
    static Footprint of(Aside aside, Span span, Map<String, String> clean) throws IOException {
        if (!aside.query("SELECT WHERE " + schemaChanges(span)).isEmpty()) {
            return new Footprint(List.of(), true);
        }
        var tables = new ArrayList<Table>();
        for (List<String> row : aside.query(lockedTables(span.first()))) {
            var locked = new Locked(row);
            boolean untouched = locked.counted().equals(clean.get(locked.oid()));
            boolean written =
                    !untouched && (locked.closed() || locked.lost() || has(aside, locked.name(), span.condition()));
            boolean held = written || locked.closed() || has(aside, locked.name(), "xmax <> '0'::pg_catalog.xid");
            tables.add(new Table(locked.oid(), locked.name(), written, held, locked.changed() && !untouched));
        }
        return new Footprint(tables, false);
    }

    /** Whether statements may lock rows, or reach them by {@code ctid}, in functions and views where no text says so. */
    static Hidden hidden(Aside aside) throws IOException {
        String places = "'\\mctid\\M'";
        List<String> row = aside.query("SELECT "
                        + inFunctionsAndViews("'\\mfor\\s+(no\\s+key\\s+|key\\s+)?(update|share)\\M'", "prosrc = ''")
                        + ", " + inFunctionsAndViews(places, "pg_catalog.pg_get_function_sqlbody(oid) ~* " + places))
                .get(0);
        return new Hidden(row.get(0).equals("t"), row.get(1).equals("t"));
    }

    /** What functions and views may do. */
    record Hidden(boolean rowLocks, boolean places) {}

    /** What the server tells of a table that somebody in this physical transaction has a lock on. Immutable. */
    private record Locked(List<String> row) {

        String oid() {
            return row.get(0);
        }

        String name() {
            return row.get(1);
        }

        boolean changed() {
            return !row.get(4).equals("0");
        }

        String counted() {
            return row.get(5);
        }

        /** Whether it cannot be looked into, or is locked as a whole. */
        boolean closed() {
            return row.get(2).equals("f") || row.get(3).equals("t");
        }

        /** Whether it may have lost rows, which leave no trace. */
        boolean lost() {
            return !row.get(6).equals("0");
        }
    }

    /** How many changes the server has counted in each table that is locked. */
    static Map<String, String> counted(Aside aside, String first) throws IOException {
        return aside.query(lockedTables(first)).stream()
                .map(Locked::new)
                .collect(Collectors.toMap(Locked::oid, Locked::counted));
    }

    private static boolean has(Aside aside, String table, String condition) throws IOException {
        return !aside.query("SELECT FROM ONLY " + table + " WHERE " + condition + " LIMIT 1")
                .isEmpty();
    }

    private static String schemaChanges(Span span) {
        String changed = CATALOGS.stream()
                .map(catalog -> "EXISTS (SELECT FROM pg_catalog.pg_" + catalog + " WHERE " + span.condition() + ")")
                .collect(Collectors.joining(" OR "));
        String dropped = "EXISTS (SELECT FROM pg_catalog.pg_locks l WHERE " + OWN_TABLE_LOCKS
                + " AND l.mode = 'AccessExclusiveLock'"
                + " AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = l.relation))";
        return changed + " OR " + dropped;
    }

    /** @param parsed what counts of functions whose body the server has parsed, which have no text */
    private static String inFunctionsAndViews(String pattern, String parsed) {
        String own = " NOT IN (SELECT oid FROM pg_catalog.pg_namespace"
                + " WHERE nspname IN ('pg_catalog', 'information_schema', 'pg_toast'))";
        return "EXISTS (SELECT FROM pg_catalog.pg_proc WHERE pronamespace" + own
                + " AND (prosrc ~* " + pattern + " OR " + parsed + "))"
                + " OR EXISTS (SELECT FROM pg_catalog.pg_class WHERE relkind = 'v' AND relnamespace" + own
                + " AND pg_catalog.pg_get_viewdef(oid) ~* " + pattern + ")";
    }

    /**
     * Oid, name, whether it can be looked into, whether it is locked as a whole; how many rows changed or went, with those
     * that came, and how many only went.
     */
    private static String lockedTables(String first) {
        String madeHere = youngerThan("c.xmin", first);
        return "SELECT c.oid, pg_catalog.format('%I.%I', n.nspname, c.relname),"
                + " NOT c.relrowsecurity AND pg_catalog.has_table_privilege(c.oid, 'SELECT'),"
                + " pg_catalog.bool_or(l.mode IN " + STRONG_LOCKS + " AND NOT " + madeHere + "),"
                + " pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)"
                + " + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid),"
                + " pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid)"
                + " + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)"
                + " + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid),"
                + " pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid)"
                + " FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_class c ON c.oid = l.relation"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE " + OWN_TABLE_LOCKS + " AND l.mode <> 'AccessShareLock' AND c.relkind IN ('r', 'm')"
                + " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
                + " GROUP BY c.oid, c.xmin, n.nspname, c.relname, c.relrowsecurity"
                + " UNION ALL SELECT oid, 'pg_catalog.pg_largeobject', false, true, 1, -1, 1 FROM pg_catalog.pg_class"
                + " WHERE oid = " + LARGE_OBJECTS + " AND pg_catalog.pg_stat_get_xact_tuples_inserted(oid)"
                + " + pg_catalog.pg_stat_get_xact_tuples_updated(oid)"
                + " + pg_catalog.pg_stat_get_xact_tuples_deleted(oid) > 0";
    }
}
