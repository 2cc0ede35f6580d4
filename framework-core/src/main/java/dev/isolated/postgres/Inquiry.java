package dev.isolated.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * Asks the server, on a sandbox's own connection, for what only that connection can see, and leaves its transaction as it
 * was. Used while nobody else is on the wire.
 */
final class Inquiry implements Asking {

    private static final String BEGIN = "SAVEPOINT \"isolated:inquiry\"; SET LOCAL ROLE NONE;"
            + " SET LOCAL search_path = pg_catalog; SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '1s'; ";
    private static final String END =
            "ROLLBACK TO SAVEPOINT \"isolated:inquiry\"; RELEASE SAVEPOINT \"isolated:inquiry\"";

    private final Aside aside;

    Inquiry(PhysicalConnection physical) {
        aside = new Aside(physical);
    }

    /** Asks one query, in a transaction that has not failed. */
    @Override
    public List<List<String>> ask(String query) throws IOException, SQLException {
        Aside.Answer answer = aside.ask(BEGIN + query + "; " + END);
        if (!answer.error().isEmpty()) {
            aside.query(END);
            throw new SQLException(answer.error());
        }
        return answer.rows();
    }

    /** Runs commands of the sandbox's own. */
    void run(String commands) throws IOException {
        aside.query(commands);
    }

    /** Has the transaction fail, as it had before it was looked into. */
    void fail() throws IOException {
        aside.error(Refusal.raising("25P02", "the transaction has failed before", ""));
    }
}
