package dev.isolated.clickhouse;

import dev.isolated.error.IsolationException;
import dev.isolated.spi.Evidence;
import java.util.List;

/** What a test's database can tell when the test has failed. Immutable. */
record DatabaseEvidence(ClickHouseAdmin admin, String database) {

    private static final int TABLES = 20;
    private static final int ROWS = 20;

    List<Evidence> all() {
        try {
            List<String> tables = admin.rows(
                    "list the tables of " + database,
                    "SELECT name FROM system.tables WHERE database = '" + database
                            + "' AND NOT is_temporary AND engine NOT LIKE '%View' AND engine != 'Dictionary' ORDER BY name LIMIT "
                            + TABLES);
            var text = new StringBuilder();
            tables.forEach(table -> text.append(table(table)).append('\n'));
            return List.of(new Evidence("tables and rows", tables.isEmpty() ? "no tables" : text.toString()));
        } catch (IsolationException e) {
            return List.of(Evidence.notToBeHad("tables and rows", e));
        }
    }

    private String table(String name) {
        String quoted = database + ".`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
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
