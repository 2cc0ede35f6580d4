package dev.isolated.postgres;

import dev.isolated.postgres.Standing.Phase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * The rows that a sandbox's transaction has written and that are still there, table by table: those with a transaction id
 * at or after its own. Not thread-safe.
 */
final class WrittenRows {

    private static final String WRITERS = "SELECT transactionid FROM pg_locks WHERE pid = pg_backend_pid()"
            + " AND locktype = 'transactionid' AND mode = 'ExclusiveLock' ORDER BY age(transactionid) DESC";
    private static final String TABLES = "SELECT relid, quote_ident(schemaname) || '.' || quote_ident(relname),"
            + " n_tup_ins, n_tup_upd, n_tup_del, coalesce(seq_scan, 0) + coalesce(idx_scan, 0)"
            + " FROM pg_stat_xact_user_tables WHERE n_tup_ins + n_tup_upd + n_tup_del"
            + " + coalesce(seq_scan, 0) + coalesce(idx_scan, 0) > 0 ORDER BY 2 LIMIT 100";

    private final Inquiry inquiry;
    private final Standing standing;
    private final int beneath;
    private final TableRows shown;

    WrittenRows(Inquiry inquiry, Standing standing, boolean marked, int most) {
        this.inquiry = inquiry;
        this.standing = standing;
        beneath = marked ? 1 : 0;
        shown = new TableRows(inquiry, most);
    }

    /** Tells of each table that was touched, and shows what is in those that were written to. */
    void tell(BiConsumer<String, String> listener) throws IOException, SQLException {
        List<List<String>> tables = inquiry.ask(TABLES);
        listener.accept(
                "tables touched, rolled back changes included",
                tables.stream()
                        .map(row -> row.get(1) + ": " + row.get(2) + " inserted, " + row.get(3) + " updated, "
                                + row.get(4) + " deleted, " + row.get(5) + " scans")
                        .collect(Collectors.joining("\n")));
        // The transaction itself, then the mark, if there is one, then the open unit, each only if something was
        // written there.
        List<String> writers = inquiry.first(WRITERS);
        for (List<String> table : tables) {
            boolean written = !List.of("0", "0").equals(table.subList(2, 4));
            if (written && beneath < writers.size()) {
                String rows =
                        shown.of(table.get(0), table.get(1), state(writers), TableRows.since(writers.get(beneath)));
                listener.accept("rows written to " + table.get(1), rows.isEmpty() ? "none that is still there" : rows);
            }
        }
    }

    /** Whether a row belongs to the transaction that the test has open, if it has one. */
    private String state(List<String> writers) {
        boolean open = standing.phase() == Phase.EXPLICIT;
        int unit = standing.first() ? 0 : beneath + 1;
        return open && unit < writers.size()
                ? "CASE WHEN " + TableRows.since(writers.get(unit)) + " THEN 'uncommitted' ELSE 'committed' END"
                : "'committed'";
    }
}
