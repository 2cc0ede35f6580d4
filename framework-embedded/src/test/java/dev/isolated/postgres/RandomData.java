package dev.isolated.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Random;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** Random calls that move data: batches, keys, cursors, copies. Not thread-safe. */
final class RandomData {

    private final Random random;
    private final RandomSql sql;

    RandomData(Random random, RandomSql sql) {
        this.random = random;
        this.sql = sql;
    }

    String preparedBatch(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("insert into thing values (?, ?)")) {
            for (int i = 0; i < 3; i++) {
                bind(insert);
                insert.addBatch();
            }
            return "prepared batch " + Outcome.batch(insert);
        }
    }

    /** Of different statements, some of which may fail. */
    String mixedBatch(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            var texts = new StringBuilder("batch of ");
            int size = 1 + random.nextInt(5);
            for (int i = 0; i < size; i++) {
                String text = random.nextInt(8) == 0 ? sql.any() : sql.plain();
                statement.addBatch(text);
                texts.append(text).append(" | ");
            }
            return texts + Outcome.batch(statement);
        }
    }

    String prepared(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into thing values (?, ?) returning id, name")) {
            bind(insert);
            return "prepared " + Outcome.results(insert, insert.execute());
        }
    }

    private void bind(PreparedStatement insert) throws SQLException {
        if (random.nextInt(20) == 0) {
            insert.setNull(1, Types.INTEGER);
        } else {
            insert.setInt(1, sql.id());
        }
        insert.setString(2, random.nextBoolean() ? null : "bound");
    }

    String generatedKeys(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("insert into keyed (name) values (?)", Statement.RETURN_GENERATED_KEYS)) {
            for (int i = random.nextInt(4); i >= 0; i--) {
                insert.setString(1, random.nextInt(9) == 0 ? null : "key");
                insert.addBatch();
            }
            return "keys " + Outcome.batch(insert) + Outcome.rows(insert.getGeneratedKeys());
        }
    }

    /** Reads some rows, says something else, and reads the rest. */
    String cursor(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(2);
            var seen = new StringBuilder("cursor");
            try (ResultSet rows = statement.executeQuery("select i from generate_series(1, 7) i")) {
                for (int i = random.nextInt(4); i > 0 && rows.next(); i--) {
                    seen.append(' ').append(Outcome.row(rows));
                }
                String between = random.nextBoolean() ? sql.any() : sql.plain();
                seen.append(" then ").append(between).append(' ').append(Outcome.of(connection, between));
                seen.append(" then ").append(Outcome.rows(rows));
            } catch (SQLException e) {
                seen.append(' ').append(Outcome.failure(e));
            }
            return seen.toString();
        }
    }

    String copyIn(Connection connection) throws SQLException {
        var rows = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            rows.append(sql.id()).append(random.nextBoolean() ? "\tcopied\n" : "\t\\N\n");
        }
        if (random.nextInt(6) == 0) {
            rows.append("nonsense\n");
        }
        try {
            return "copied " + copy(connection).copyIn("copy thing from stdin", new StringReader(rows.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String copyOut(Connection connection) throws SQLException {
        var out = new ByteArrayOutputStream();
        try {
            long count = copy(connection).copyOut("copy (select id, name from thing order by id) to stdout", out);
            return "copied out " + count + " " + out.toString(UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static CopyManager copy(Connection connection) throws SQLException {
        return connection.unwrap(PGConnection.class).getCopyAPI();
    }
}
