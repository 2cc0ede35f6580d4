package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.awaitility.Awaitility;

/** Short forms for what the tests say to a connection. */
final class Sql {

    static final String TABLE = "create table thing (id int primary key, name text)";
    static final String AUDIT = "create table audit (id int primary key)";

    private Sql() {}

    static void run(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column of all rows. */
    static List<String> list(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    static String one(Connection connection, String query) throws SQLException {
        return list(connection, query).get(0);
    }

    static List<String> ids(Connection connection) throws SQLException {
        return list(connection, "select id from thing order by id");
    }

    /** The SQLState that a call fails with. */
    static String state(ThrowingCallable call) {
        SQLException failure = catchThrowableOfType(SQLException.class, call);
        return failure == null ? "no failure" : failure.getSQLState();
    }

    /** Waits until the sandbox sleeps, seen from outside of the sandbox. */
    static void awaitSleep(Postgres postgres) throws SQLException {
        try (Connection observer = Sandboxes.bare(postgres)) {
            awaitSleep(observer);
        }
    }

    /** Waits until somebody sleeps in the database that this connection is to. */
    static void awaitSleep(Connection observer) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .pollInterval(Duration.ofMillis(10))
                .until(() -> sleeps(observer));
    }

    /** Whether somebody sleeps in the observer's database. */
    static boolean sleeps(Connection observer) throws SQLException {
        return one(
                        observer,
                        "select count(*) from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()")
                .equals("1");
    }
}
