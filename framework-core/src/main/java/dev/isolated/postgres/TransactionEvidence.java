package dev.isolated.postgres;

import dev.isolated.postgres.Standing.Phase;
import dev.isolated.spi.Evidence;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a sandbox can tell of a failed test: what it wrote, its statements, connections and locks. Asked while the test's
 * connections may still be in use, which find everything as it was. Not thread-safe.
 */
final class TransactionEvidence {

    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final String ROWS = "rows written";
    private static final String LOCKS = "SELECT locktype, mode, CASE WHEN granted THEN 'held' ELSE 'awaited' END,"
            + " coalesce(relation::regclass::text, transactionid::text, classid || ', ' || objid, '') AS of FROM pg_locks"
            + " WHERE pid = pg_backend_pid() AND locktype NOT IN ('virtualxid', 'transactionid')"
            // Those below are the server's own catalogs.
            + " AND (relation IS NULL OR relation >= 16384) ORDER BY 4, 2 LIMIT 100";

    private final Sandbox sandbox;
    private final int rowsPerTable;
    private final List<Evidence> found = new ArrayList<>();

    TransactionEvidence(Sandbox sandbox, int rowsPerTable) {
        this.sandbox = sandbox;
        this.rowsPerTable = rowsPerTable;
    }

    List<Evidence> gather() {
        String useless = sandbox.whyUseless();
        if (useless == null) {
            askServer();
        } else {
            add(ROWS, "could not be had: the connection beneath the sandbox is of no further use: " + useless);
        }
        add("connections", connections());
        add("statements, without their parameters", sandbox.history().text());
        return List.copyOf(found);
    }

    private void askServer() {
        try {
            if (!sandbox.turn().between(PATIENCE, this::ask)) {
                add(ROWS, "could not be had: a statement is still running");
            }
        } catch (SQLException e) {
            found.add(Evidence.notToBeHad(ROWS, e));
        } catch (IOException e) {
            sandbox.giveUp("it did not answer when it was asked for evidence: " + e.getMessage());
            found.add(Evidence.notToBeHad(ROWS, e));
        }
    }

    private void ask() throws IOException, SQLException {
        Standing standing = sandbox.standing();
        if (!standing.transaction()) {
            add(ROWS, "none: nothing has happened here yet, or all of it was rolled back");
        } else if (standing.first() && standing.undone()) {
            add(ROWS, "none: everything was done in one transaction, and that has failed");
        } else {
            ask(new Inquiry(sandbox.physical()), standing);
        }
    }

    private void ask(Inquiry inquiry, Standing standing) throws IOException, SQLException {
        try {
            if (standing.undone()) {
                inquiry.run(Command.ROLLBACK_TO.sql());
                add(
                        "failed transaction",
                        "what was done in it is lost; the rows below are of those that were committed");
            }
            add("locks", lines(inquiry.ask(LOCKS)));
            new WrittenRows(inquiry, standing, sandbox.marked(), rowsPerTable).tell(this::add);
        } finally {
            if (standing.phase() == Phase.FAILED) {
                inquiry.fail();
            }
        }
    }

    private String connections() {
        return sandbox.open().sessions().stream()
                .map(session -> "connection " + session.number()
                        + (sandbox.inTransaction(session) ? ", in a transaction, " : " ") + session.opened())
                .collect(Collectors.joining("\n"));
    }

    private void add(String title, String text) {
        found.add(new Evidence(title, text.isEmpty() ? "none" : text));
    }

    private static String lines(List<List<String>> rows) {
        return rows.stream().map(row -> String.join("  ", row)).collect(Collectors.joining("\n"));
    }
}
