package dev.isolated.postgres;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.jdbc.PgConnection;

/** What the counts of rows do not show of a database, and has to be read inside of it. */
final class SequenceValues {

    /** Null where some of it cannot be told: a sequence that the role must not see, a table that counts otherwise. */
    private static final String QUERY =
            "SELECT CASE WHEN EXISTS (SELECT FROM pg_class c JOIN pg_am a ON a.oid = c.relam"
                    + " WHERE c.relkind IN ('r', 'm', 't') AND a.amname <> 'heap')"
                    + " OR EXISTS (SELECT FROM pg_class WHERE CASE relkind WHEN 'S'"
                    + " THEN NOT has_sequence_privilege(oid, 'SELECT, USAGE') END) THEN NULL"
                    + " ELSE (SELECT coalesce(string_agg(concat_ws(' ', schemaname, sequencename, last_value), ','"
                    + " ORDER BY schemaname, sequencename), '') FROM pg_sequences) END";

    private SequenceValues() {}

    /** Where each sequence stands; empty where that cannot be told. */
    static Optional<String> read(Login login) throws SQLException, IOException {
        try (PgConnection inside = Line.open(login).driver();
                Statement statement = inside.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
        }
    }
}
