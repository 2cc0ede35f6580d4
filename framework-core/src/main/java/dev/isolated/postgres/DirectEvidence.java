package dev.isolated.postgres;

import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Evidence;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.jdbc.PgConnection;

/**
 * What a test's own database or schema can tell when the test has failed, asked on a connection of the administrator's while
 * those of the test may still be in use. Not thread-safe.
 */
final class DirectEvidence {

    private static final String ROWS = "rows written";
    private static final String NAME = "isolated admin, for evidence";
    private static final Map<String, String> PARAMETERS = Map.of(
            "ApplicationName",
            NAME,
            "options",
            "-c statement_timeout=2s -c lock_timeout=500ms -c default_transaction_read_only=on -c search_path=pg_catalog");
    private final Login administrator;
    private final Scope scope;
    private final int rowsPerTable;
    private final List<Evidence> found = new ArrayList<>();

    /** By the administrator's credentials. */
    DirectEvidence(Endpoint server, Scope scope, int rowsPerTable) {
        administrator = new Login(server, scope.database(), server.user(), server.password(), PARAMETERS);
        this.scope = scope;
        this.rowsPerTable = rowsPerTable;
    }

    List<Evidence> gather() {
        try (PgConnection connection = Line.open(administrator).driver();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            ask(query -> rows(statement, query));
        } catch (SQLException | IOException e) {
            found.add(Evidence.notToBeHad(ROWS, e));
        }
        return List.copyOf(found);
    }

    private void ask(Asking asking) throws SQLException, IOException {
        // First, because what follows is seen in it.
        add("sessions, with the statement that each runs or ran last", String.join("\n", asking.first(sessions())));
        add("locks", String.join("\n", asking.first(locks())));
        add(
                "rows counted, as far as the server has been told; rolled back changes included",
                String.join("\n", asking.first(counts())));
        var shown = new TableRows(asking, rowsPerTable);
        String since = TableRows.since(scope.since());
        boolean none = true;
        for (List<String> table : asking.ask(tables())) {
            String rows = shown.of(table.get(0), table.get(1), "'committed'", since);
            if (!rows.isEmpty()) {
                add("rows written to " + table.get(1), rows);
                none = false;
            }
        }
        if (none) {
            add(ROWS, "none that is committed and still there");
        }
    }

    private String tables() {
        return "SELECT c.oid::text, quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
                + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r'"
                + " AND c.relpersistence <> 't' AND n.nspname" + scope.schemas() + " ORDER BY 2 LIMIT 200";
    }

    private String counts() {
        return "SELECT quote_ident(schemaname) || '.' || quote_ident(relname) || ': '"
                + " || n_tup_ins || ' inserted, ' || n_tup_upd || ' updated, ' || n_tup_del || ' deleted'"
                + " FROM pg_stat_user_tables WHERE schemaname" + scope.schemas()
                + " AND n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY 1 LIMIT 100";
    }

    private String locks() {
        return "SELECT concat_ws('  ', locktype, mode, CASE WHEN granted THEN 'held' ELSE"
                + " 'awaited' END, 'by backend ' || pid, coalesce(relation::regclass::text, classid || ', ' || objid))"
                + " FROM pg_locks WHERE pid IN (SELECT pid FROM pg_stat_activity WHERE " + scope.sessions()
                + ") AND pid <> pg_backend_pid()"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                + " AND locktype NOT IN ('virtualxid', 'transactionid') AND (relation IS NULL OR relation >= 16384)"
                + " ORDER BY 1 LIMIT 100";
    }

    private String sessions() {
        return "SELECT format('backend %s (%s), %s%s: %s', pid,"
                + " coalesce(nullif(application_name, ''), 'unnamed'), coalesce(state, 'unknown'),"
                + " CASE WHEN wait_event_type = 'Lock' THEN ', waits for a lock of backend '"
                + " || array_to_string(pg_blocking_pids(pid), ', ') ELSE '' END, left(query, 300))"
                + " FROM pg_stat_activity WHERE " + scope.sessions() + " AND pid <> pg_backend_pid()"
                + " AND usesysid IS NOT NULL AND application_name <> '" + NAME + "' ORDER BY pid";
    }

    private static List<List<String>> rows(Statement statement, String query) throws SQLException {
        try (ResultSet result = statement.executeQuery(query)) {
            int width = result.getMetaData().getColumnCount();
            var rows = new ArrayList<List<String>>();
            while (result.next()) {
                var row = new ArrayList<String>();
                for (int column = 1; column <= width; column++) {
                    String value = result.getString(column);
                    row.add(value == null ? "" : value);
                }
                rows.add(row);
            }
            return rows;
        }
    }

    private void add(String title, String text) {
        found.add(new Evidence(title, text.isEmpty() ? "none" : text));
    }
}
