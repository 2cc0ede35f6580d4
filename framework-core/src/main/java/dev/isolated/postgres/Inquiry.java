package dev.isolated.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the server, on a sandbox's own connection, for what only that connection can see, and leaves its transaction as it
 * was. Used while nobody else is on the wire.
 */
final class Inquiry {

    /** What came back: texts, in the order of rows and columns. Immutable. */
    record Rows(List<String> columns, List<List<@Nullable String>> rows) {

        /** The first column. */
        List<String> first() {
            return rows.stream().map(row -> String.valueOf(row.get(0))).toList();
        }
    }

    private record Answer(Rows rows, String error, char status) {

        boolean failed() {
            return status == 'E';
        }

        Rows require() throws SQLException {
            if (!error.isEmpty()) {
                throw new SQLException(error);
            }
            return rows;
        }
    }

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String BEGIN = "SAVEPOINT \"isolated:inquiry\"; SET LOCAL ROLE NONE;"
            + " SET LOCAL search_path = pg_catalog; SET LOCAL statement_timeout = '2s'; SET LOCAL lock_timeout = '1s'; ";
    private static final String END =
            "ROLLBACK TO SAVEPOINT \"isolated:inquiry\"; RELEASE SAVEPOINT \"isolated:inquiry\"";

    private final PhysicalConnection physical;

    Inquiry(PhysicalConnection physical) {
        this.physical = physical;
    }

    /**
     * Asks one query, in a transaction that has not failed; names of tables need their schema.
     *
     * @throws SQLException when the server refuses to answer
     */
    Rows ask(String query) throws IOException, SQLException {
        Answer answer = exchange(BEGIN + query + "; " + END);
        if (answer.failed()) {
            run(END);
        }
        return answer.require();
    }

    /** Runs commands of the sandbox's own. */
    void run(String commands) throws IOException, SQLException {
        exchange(commands).require();
    }

    /** Has the transaction fail, as it had before it was looked into. */
    void fail() throws IOException {
        exchange("ROLLBACK TO SAVEPOINT \"isolated:absent\"");
    }

    private Answer exchange(String sql) throws IOException {
        var out = new WireWriter();
        Wire.query(out, sql);
        physical.send(out);
        physical.readTimeout((int) PATIENCE.toMillis());
        var columns = new ArrayList<String>();
        var rows = new ArrayList<List<@Nullable String>>();
        String error = "";
        while (true) {
            char type = physical.next();
            byte[] bytes = physical.buffer();
            int body = physical.messageStart() + 5;
            switch (type) {
                case 'T' -> columns.addAll(columns(bytes, body));
                case 'D' -> rows.add(values(bytes, body));
                case 'E' -> error = Wire.errorMessage(bytes, body, physical.messageEnd());
                default -> {}
            }
            char status = (char) bytes[body];
            physical.consume();
            if (type == 'Z') {
                return new Answer(new Rows(List.copyOf(columns), List.copyOf(rows)), error, status);
            }
        }
    }

    private static List<String> columns(byte[] bytes, int body) {
        var names = new ArrayList<String>();
        int at = body + 2;
        for (int left = Wire.int16(bytes, body); left > 0; left--) {
            names.add(Wire.text(bytes, at));
            at = Wire.textEnd(bytes, at) + 19;
        }
        return names;
    }

    private static List<@Nullable String> values(byte[] bytes, int body) {
        var values = new ArrayList<@Nullable String>();
        int at = body + 2;
        for (int left = Wire.int16(bytes, body); left > 0; left--) {
            int length = Wire.int32(bytes, at);
            at += 4;
            values.add(length < 0 ? null : new String(bytes, at, length, StandardCharsets.UTF_8));
            at += Math.max(0, length);
        }
        return values;
    }
}
