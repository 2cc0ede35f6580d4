package dev.isolated.clickhouse;

import dev.isolated.error.IsolationException;
import dev.isolated.spi.Evidence;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What a test's tables can tell when the test has failed. Immutable. */
record PlaceEvidence(ClickHouseAdmin admin, Place place) {

    private static final int TABLES = 20;
    private static final int ROWS = 20;
    private static final int QUERIES = 100;

    List<Evidence> all() {
        return List.of(tables(), queries());
    }

    private Evidence tables() {
        try {
            List<String> tables = admin.rows(
                    "list the tables of " + place.describe(),
                    "SELECT name FROM system.tables WHERE database = "
                            + Quoted.text(place.database()) + " AND startsWith(name, " + Quoted.text(place.prefix())
                            + ") AND NOT is_temporary AND engine NOT LIKE '%View' AND engine != 'Dictionary' ORDER BY name LIMIT "
                            + TABLES);
            var text = new StringBuilder();
            tables.forEach(table -> text.append(table(table)).append('\n'));
            return new Evidence("tables and rows", tables.isEmpty() ? "no tables" : text.toString());
        } catch (IsolationException e) {
            return Evidence.notToBeHad("tables and rows", e);
        }
    }

    /** The last ones that were sent to this database or name these tables, in the order of their times. */
    private Evidence queries() {
        try {
            admin.run("have the queries written down", "SYSTEM FLUSH LOGS");
            var lines = new ArrayList<>(admin.rows(
                    "read the queries of " + place.describe(),
                    "SELECT event_time_microseconds, query_duration_ms, exception, query FROM system.query_log"
                            + " WHERE type != 'QueryStart' AND current_database = "
                            + Quoted.text(place.database())
                            + (place.prefix().isEmpty()
                                    ? ""
                                    : " AND position(query, " + Quoted.text(place.prefix()) + ") > 0")
                            + " ORDER BY event_time_microseconds DESC LIMIT " + QUERIES + " FORMAT TSV"));
            Collections.reverse(lines);
            return new Evidence(
                    "queries", lines.stream().map(PlaceEvidence::query).collect(Collectors.joining("\n")));
        } catch (IsolationException e) {
            return Evidence.notToBeHad("queries", e);
        }
    }

    private static String query(String row) {
        String[] columns = row.split("\t", -1);
        return columns[0] + "  " + columns[1] + " ms  " + columns[3]
                + (columns[2].isEmpty() ? "" : "\n    failed: " + columns[2]);
    }

    private String table(String name) {
        String quoted = Quoted.name(place.database()) + "." + Quoted.name(name);
        try {
            String count = admin.ask("count the rows of " + name, "SELECT count() FROM " + quoted);
            return name + ": " + count + " rows\n"
                    + admin.ask(
                            "read the rows of " + name,
                            "SELECT * FROM " + quoted + " LIMIT " + ROWS + " FORMAT TSVWithNames");
        } catch (IsolationException e) {
            return name + ": could not be had: " + e.getMessage();
        }
    }
}
