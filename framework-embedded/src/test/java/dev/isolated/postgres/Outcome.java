package dev.isolated.postgres;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Arrays;
import java.util.StringJoiner;

/** All that a call has answered, in words that are the same wherever it was made. */
final class Outcome {

    private static final int LONG = 400;

    private Outcome() {}

    /** The results, counts and warnings of a text, or the SQLState that it fails with. */
    static String of(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return of(statement, sql);
        }
    }

    static String of(Statement statement, String sql) {
        try {
            return results(statement, statement.execute(sql));
        } catch (SQLException e) {
            return failure(e);
        }
    }

    /** What a statement has answered that has just been executed. */
    static String results(Statement statement, boolean first) throws SQLException {
        var seen = new StringJoiner(" ");
        boolean rows = first;
        while (rows || statement.getUpdateCount() >= 0) {
            seen.add(rows ? rows(statement.getResultSet()) : "count " + statement.getUpdateCount());
            rows = statement.getMoreResults();
        }
        for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
            seen.add("warning " + warning.getSQLState());
        }
        return seen.toString();
    }

    static String batch(Statement statement) {
        try {
            return Arrays.toString(statement.executeBatch());
        } catch (BatchUpdateException e) {
            return failure(e) + " " + Arrays.toString(e.getUpdateCounts());
        } catch (SQLException e) {
            return failure(e);
        }
    }

    static String rows(ResultSet result) throws SQLException {
        try (result) {
            var seen = new StringJoiner(", ", "[", "]");
            while (result.next()) {
                seen.add(row(result));
            }
            String all = seen.toString();
            return all.length() < LONG ? all : all.length() + " characters, hash " + all.hashCode();
        }
    }

    static String row(ResultSet result) throws SQLException {
        var seen = new StringJoiner(" ");
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
            seen.add(result.getString(column));
        }
        return seen.toString();
    }

    /** The SQLState of each error that the server has sent, which the driver chains. */
    static String failure(SQLException e) {
        var states = new StringJoiner(", ");
        for (SQLException next = e; next != null; next = next.getNextException()) {
            states.add(next.getSQLState());
        }
        return "fails with " + states;
    }
}
