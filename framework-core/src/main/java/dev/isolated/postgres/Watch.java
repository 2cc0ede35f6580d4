package dev.isolated.postgres;

import dev.isolated.postgres.Footprint.Table;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sees whether somebody looks at or touches what another transaction has not committed: by the server's counters of scans
 * and changes, and by locks, as they are now and were before. Immutable.
 */
final class Watch {

    private static final String TABLES = "%tables%";
    private static final String FEATURE_NOT_SUPPORTED = "0A000";

    private static final Pattern UNCOUNTED = Pattern.compile("\\b(ctid|tablesample)\\b", Pattern.CASE_INSENSITIVE);

    private final List<Table> tables;
    private final List<String> lines;
    private final String locked;
    private final String strong;
    private final String shapes;

    private Watch(List<Table> tables, List<String> lines, List<String> locks) {
        this.tables = tables;
        this.lines = lines;
        locked = array(locks.get(0));
        strong = array(locks.get(1));
        shapes = array(locks.get(2));
    }

    /** Whether a statement may look at rows without the server's counting that. */
    static boolean overlooks(String sql) {
        return UNCOUNTED.matcher(sql).find();
    }

    /** A watch that begins now. */
    static Watch over(Aside aside, List<Table> tables) throws IOException {
        List<String> lines = tables.isEmpty()
                ? List.of()
                : aside.query(tables.stream().map(Watch::counted).collect(Collectors.joining(" UNION ALL "))).stream()
                        .map(row -> row.get(0))
                        .toList();
        List<String> locks = aside.query("SELECT pg_catalog.array_agg(DISTINCT l.relation),"
                        + " pg_catalog.array_agg(l.relation || l.mode) FILTER (WHERE l.mode IN "
                        + Footprint.STRONG_LOCKS + "), pg_catalog.array_agg(DISTINCT c.oid || ':' || c.xmin)"
                        + " FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_class c ON c.oid = l.relation WHERE "
                        + Footprint.OWN_TABLE_LOCKS)
                .get(0);
        return new Watch(tables, lines, locks);
    }

    /** The same from now on. */
    Watch anew(Aside aside) throws IOException {
        return over(aside, tables);
    }

    /** A line of {@code VALUES}: what is watched, and how often each has happened so far; -1 where it may happen. */
    private static String counted(Table table) {
        return "SELECT pg_catalog.format('(%s::oid, %L, %s, %s, %s, %s)', " + table.oid() + ", "
                + Refusal.literal(table.name()) + ", '" + table.written() + "', "
                + (table.held() ? scans(table.oid()) : "-1") + ", "
                + (table.held() ? changes(table.oid()) : "-1") + ", " + (table.changed() ? inserts(table.oid()) : "-1")
                + ")";
    }

    private static String scans(String oid) {
        return "pg_catalog.pg_stat_get_xact_numscans(" + oid + ")"
                + " + pg_catalog.pg_stat_get_xact_tuples_returned(" + oid + ") + coalesce((SELECT"
                + " pg_catalog.sum(pg_catalog.pg_stat_get_xact_numscans(indexrelid)) FROM pg_catalog.pg_index"
                + " WHERE indrelid = " + oid + "), 0)";
    }

    private static String changes(String oid) {
        return "pg_catalog.pg_stat_get_xact_tuples_updated(" + oid + ")"
                + " + pg_catalog.pg_stat_get_xact_tuples_deleted(" + oid + ")";
    }

    private static String inserts(String oid) {
        return "pg_catalog.pg_stat_get_xact_tuples_inserted(" + oid + ")";
    }

    private static String array(String text) {
        return text.isEmpty() ? "{}" : text;
    }

    /** A statement that fails where something has been looked at or touched; {@code message} names it by {@link #tables}. */
    String check(String message, boolean rowLocks) {
        return Refusal.block("DECLARE touched text := (" + query(rowLocks) + "); BEGIN IF touched IS NOT NULL THEN"
                + " RAISE EXCEPTION USING ERRCODE='" + FEATURE_NOT_SUPPORTED + "', MESSAGE=pg_catalog.replace("
                + Refusal.literal(message) + ", '" + TABLES + "', touched); END IF; END");
    }

    /** What has been looked at or touched; empty where nothing has. */
    String touched(Aside aside, boolean rowLocks) throws IOException {
        return aside.query(query(rowLocks)).get(0).get(0);
    }

    /** The tables that are watched and may not be looked at. */
    boolean written(String oid) {
        return tables.stream().anyMatch(table -> table.written() && table.oid().equals(oid));
    }

    /** @param rowLocks whether a look may have been one that locks rows, which those that are locked are in the way of */
    private String query(boolean rowLocks) {
        String touched = lines.isEmpty()
                ? ""
                : "SELECT w.name FROM (VALUES " + String.join(", ", lines)
                        + ") w(o, name, written, scans, changes, inserts) WHERE (w.scans >= 0 AND (w.written OR "
                        + rowLocks + ") AND " + scans("w.o")
                        + " > w.scans) OR (w.changes >= 0 AND " + changes("w.o")
                        + " > w.changes) OR (w.inserts >= 0 AND " + inserts("w.o")
                        + " > w.inserts) UNION ";
        String locks = "SELECT l.relation::pg_catalog.regclass::text FROM pg_catalog.pg_locks l WHERE "
                + Footprint.OWN_TABLE_LOCKS + " AND l.mode IN " + Footprint.STRONG_LOCKS + " AND l.relation = ANY ('"
                + locked + "'::oid[]) AND l.relation || l.mode <> ALL ('" + strong + "'::text[])";
        String changed = " UNION SELECT pg_catalog.split_part(s, ':', 1)::oid::pg_catalog.regclass::text"
                + " FROM pg_catalog.unnest('" + shapes + "'::text[]) s WHERE s <> '' AND NOT EXISTS"
                + " (SELECT FROM pg_catalog.pg_class c WHERE c.oid || ':' || c.xmin = s)";
        return "SELECT pg_catalog.string_agg(f.name, ', ') FROM (" + touched + locks + changed + ") f(name)";
    }

    /** What stands in a message for the names of the tables. */
    static String tables() {
        return TABLES;
    }

    /** The table of a conflict that would not be one, but a wait, if the other transaction were really another's. */
    Optional<String> clash(String sqlState, String table, String constraint) {
        return switch (sqlState) {
            case "23505", "23P01" ->
                tables.stream()
                        .filter(Table::written)
                        .map(Table::name)
                        .filter(name -> plain(name).endsWith("." + plain(table)))
                        .findFirst();
            case "23503" -> tables.stream().anyMatch(Table::written) ? Optional.of(constraint) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static String plain(String name) {
        return name.replace("\"", "");
    }
}
