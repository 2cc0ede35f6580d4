package dev.isolated.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Puts rows of a table into words. As thread-safe as what is asked.
 *
 * @param most how many of a table are shown
 */
record TableRows(Asking asking, int most) {

    private static final int LONGEST = 200;

    /**
     * Rows of the table of that oid and name.
     *
     * @param state an SQL expression that says what a row is, in which {@code written} is the row
     * @param condition which rows, likewise
     * @return empty where there are none
     */
    String of(String oid, String table, String state, String condition) throws IOException {
        try {
            List<String> columns = asking.first("SELECT quote_ident(attname) FROM pg_attribute WHERE attrelid = " + oid
                    + " AND attnum > 0 AND NOT attisdropped ORDER BY attnum");
            List<List<String>> rows = asking.ask(query(table, columns, state, condition));
            if (rows.isEmpty()) {
                return "";
            }
            String shown = rows.stream()
                    .limit(most)
                    .map(row -> "\n" + row.stream().map(TableRows::shortened).collect(Collectors.joining(" | ")))
                    .collect(Collectors.joining());
            return "state | " + String.join(" | ", columns) + shown + (rows.size() > most ? "\n... and more" : "");
        } catch (SQLException e) {
            return "could not be had: " + e.getMessage();
        }
    }

    /** The condition that a row was written by that transaction or a later one. */
    static String since(String transaction) {
        return "age(written.xmin) <= age('" + transaction + "'::xid)";
    }

    private String query(String table, List<String> columns, String state, String condition) {
        String values = columns.stream()
                .map(column -> ", coalesce(left(written." + column + "::text, " + (LONGEST + 1) + "), 'null')")
                .collect(Collectors.joining());
        return "SELECT " + state + values + " FROM ONLY " + table + " AS written WHERE " + condition + " LIMIT "
                + (most + 1);
    }

    private static String shortened(String value) {
        String text = value.replace("\n", "\\n");
        return text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    }
}
