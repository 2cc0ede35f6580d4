package dev.isolated.clickhouse;

import dev.isolated.error.IsolationException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the tables of a test hold, as its evidence. Only tables are read whose rows are their own: others would show rows of
 * other tests, or reach other systems. Used by one thread.
 */
final class TableRows {

    private static final int TABLES = 20;
    private static final int ROWS = 20;

    /** Those that keep what is inserted, beside the family of MergeTree. */
    private static final List<String> KEEPING = List.of("Memory", "Log", "TinyLog", "StripeLog", "Join");

    private final ClickHouseAdmin admin;
    private final Place place;
    private final Deadline deadline;

    TableRows(ClickHouseAdmin admin, Place place, Deadline deadline) {
        this.admin = admin;
        this.place = place;
        this.deadline = deadline;
    }

    String all() {
        List<String> tables = admin.names(
                "list the tables of " + place.describe(),
                "engine || ' ' || name",
                "FROM system.tables WHERE database = " + Quoted.text(place.database()) + " AND startsWith(name, "
                        + Quoted.text(place.prefix())
                        + ") AND NOT is_temporary AND engine NOT LIKE '%View' AND engine != 'Dictionary'"
                        + " ORDER BY name LIMIT " + (TABLES + 1),
                deadline.left());
        var text = new StringBuilder();
        for (String row : tables.subList(0, Math.min(TABLES, tables.size()))) {
            int space = row.indexOf(' ');
            text.append(table(row.substring(space + 1), row.substring(0, space)))
                    .append('\n');
        }
        if (tables.size() > TABLES) {
            text.append("and more: the first ").append(TABLES).append(" tables are told, by their names\n");
        }
        return tables.isEmpty() ? "no tables" : text.toString();
    }

    private String table(String name, String engine) {
        String readable = Quoted.readable(name);
        if (!engine.endsWith("MergeTree") && !KEEPING.contains(engine)) {
            return readable + ": not read, for its rows are those of other tables or systems (" + engine + ")";
        }
        if (deadline.over()) {
            return readable + ": not read, for the server took too long for those before";
        }
        try {
            return rows(name, engine);
        } catch (IsolationException e) {
            return readable + ": could not be had: " + e.getMessage();
        }
    }

    private String rows(String name, String engine) {
        String quoted = Quoted.name(place.database()) + "." + Quoted.name(name);
        long count = Long.parseLong(ask("count the rows of " + Quoted.readable(name), "SELECT count() FROM " + quoted));
        String all = "SELECT * FROM " + quoted;
        String read = ask(
                "read the rows of " + Quoted.readable(name),
                (engine.endsWith("MergeTree") ? all + lastInserted() : all + lastOf(count)) + " FORMAT TSVWithNames");
        var lines = new ArrayList<>(read.lines().toList());
        if (engine.endsWith("MergeTree") && !lines.isEmpty()) {
            Collections.reverse(lines.subList(1, lines.size()));
        }
        return Quoted.readable(name) + ": " + count + " rows"
                + (count > ROWS ? ", the last " + ROWS + " of which are" : "") + "\n" + String.join("\n", lines);
    }

    /** Of those in the parts that were made last, by the numbers in the parts' names; the last one first. */
    private static String lastInserted() {
        return " ORDER BY toUInt64OrZero(splitByChar('_', _part)[3]) DESC, _part_offset DESC LIMIT " + ROWS;
    }

    /** As one thread reads them, which is in the order of their inserts. */
    private static String lastOf(long count) {
        return " LIMIT " + ROWS + " OFFSET " + Math.max(0, count - ROWS) + " SETTINGS max_threads = 1";
    }

    private String ask(String task, String sql) {
        return admin.ask(task, sql, deadline.left());
    }
}
