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
        List<String> tables = ask(
                        "list the tables of " + place.describe(),
                        "SELECT engine, name FROM system.tables WHERE database = " + Quoted.text(place.database())
                                + " AND startsWith(name, " + Quoted.text(place.prefix())
                                + ") AND NOT is_temporary AND engine NOT LIKE '%View' AND engine != 'Dictionary'"
                                + " ORDER BY name LIMIT " + TABLES + " FORMAT TSV")
                .lines()
                .toList();
        var text = new StringBuilder();
        for (String row : tables) {
            int tab = row.indexOf('\t');
            text.append(table(row.substring(tab + 1), row.substring(0, tab))).append('\n');
        }
        return tables.isEmpty() ? "no tables" : text.toString();
    }

    private String table(String name, String engine) {
        if (!engine.endsWith("MergeTree") && !KEEPING.contains(engine)) {
            return name + ": not read, for its rows are those of other tables or systems (" + engine + ")";
        }
        if (deadline.over()) {
            return name + ": not read, for the server took too long for those before";
        }
        try {
            return rows(name, engine);
        } catch (IsolationException e) {
            return name + ": could not be had: " + e.getMessage();
        }
    }

    private String rows(String name, String engine) {
        String quoted = Quoted.name(place.database()) + "." + Quoted.name(name);
        long count = Long.parseLong(ask("count the rows of " + name, "SELECT count() FROM " + quoted));
        String all = "SELECT * FROM " + quoted;
        String read = ask(
                "read the rows of " + name,
                (engine.endsWith("MergeTree") ? all + lastInserted() : all + lastOf(count)) + " FORMAT TSVWithNames");
        var lines = new ArrayList<>(read.lines().toList());
        if (engine.endsWith("MergeTree") && !lines.isEmpty()) {
            Collections.reverse(lines.subList(1, lines.size()));
        }
        return name + ": " + count + " rows" + (count > ROWS ? ", the last " + ROWS + " of which are" : "") + "\n"
                + String.join("\n", lines);
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
