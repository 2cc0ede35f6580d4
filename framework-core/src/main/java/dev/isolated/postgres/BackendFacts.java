package dev.isolated.postgres;

import java.io.IOException;
import java.util.List;

/** What the server knows of the physical transaction. Used under the turn. */
record BackendFacts(Aside aside) {

    /** The ids of the physical transaction and of its open subtransactions that have written, the oldest first. */
    List<String> xids() throws IOException {
        return first("SELECT transactionid FROM pg_catalog.pg_locks WHERE locktype = 'transactionid' AND granted"
                + " AND mode = 'ExclusiveLock' AND pid = pg_catalog.pg_backend_pid()"
                + " ORDER BY pg_catalog.age(transactionid) DESC");
    }

    List<String> openCursors() throws IOException {
        return first("SELECT name FROM pg_catalog.pg_cursors WHERE name <> ''");
    }

    /** Whether the server counts what statements touch. */
    boolean counts() throws IOException {
        return first("SHOW track_counts").contains("on");
    }

    private List<String> first(String query) throws IOException {
        return aside.query(query).stream().map(row -> row.get(0)).toList();
    }
}
