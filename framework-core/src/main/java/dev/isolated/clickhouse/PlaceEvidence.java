package dev.isolated.clickhouse;

import dev.isolated.clickhouse.HttpLine.RefusedException;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Evidence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** What a test's tables can tell when the test has failed. Immutable. */
record PlaceEvidence(ClickHouseAdmin admin, Place place, Duration limit) {

    /** How long a failed test waits for it, whatever the server does. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int QUERIES = 100;

    List<Evidence> all() {
        Deadline deadline = Deadline.in(limit);
        return List.of(tables(deadline), queries(deadline));
    }

    private Evidence tables(Deadline deadline) {
        try {
            return new Evidence("tables and rows", new TableRows(admin, place, deadline).all());
        } catch (IsolationException e) {
            return Evidence.notToBeHad("tables and rows", e);
        }
    }

    /** The last ones that were sent to this database or name these tables, in the order of their times. */
    private Evidence queries(Deadline deadline) {
        try {
            writeDown(deadline);
            String answer = admin.ask(
                    "read the queries of " + place.describe(),
                    "SELECT event_time_microseconds, query_duration_ms, exception, query FROM system.query_log"
                            + " WHERE type != 'QueryStart' AND current_database = "
                            + Quoted.text(place.database())
                            + (place.prefix().isEmpty()
                                    ? ""
                                    : " AND position(query, " + Quoted.text(place.prefix()) + ") > 0")
                            + " ORDER BY event_time_microseconds DESC LIMIT " + QUERIES + " FORMAT TSV",
                    deadline.left());
            var lines = new ArrayList<>(answer.isEmpty() ? List.of() : List.of(answer.split("\n", -1)));
            Collections.reverse(lines);
            return new Evidence(
                    "queries", lines.stream().map(PlaceEvidence::query).collect(Collectors.joining("\n")));
        } catch (IsolationException e) {
            return Evidence.notToBeHad("queries", e);
        }
    }

    /** Where that is not allowed, what the server has written by itself has to do. */
    private void writeDown(Deadline deadline) {
        try {
            var unused = admin.ask("have the queries written down", "SYSTEM FLUSH LOGS", deadline.left());
        } catch (IsolationException e) {
            if (!RefusedException.refused(e, RefusedException.DENIED)) {
                throw e;
            }
            Log.LOGGER.log(System.Logger.Level.DEBUG, "the last queries may be missing: {0}", e.getMessage());
        }
    }

    /** An answer comes without what is blank at its end. */
    private static String query(String row) {
        String[] columns = (row + "\t\t\t").split("\t", -1);
        return columns[0] + "  " + columns[1] + " ms  " + columns[3]
                + (columns[2].isEmpty() ? "" : "\n    failed: " + columns[2]);
    }
}
