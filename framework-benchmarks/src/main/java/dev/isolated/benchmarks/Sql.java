package dev.isolated.benchmarks;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** What one test does, with an environment of its own and by hand: the same statement, undone afterwards. */
enum Sql {
    SELECT("select 1"),
    INSERT("insert into measured values (1, 'one')");

    private final String text;

    Sql(String text) {
        this.text = text;
    }

    /** Opens an environment, opens one connection in it, runs the statement, closes both. */
    void inEnvironment(Arena arena) throws SQLException {
        try (IsolatedEnvironment environment = arena.open();
                Connection connection = environment.get(Postgres.class).connection()) {
            execute(connection);
        }
    }

    /** {@code BEGIN}, the statement, {@code ROLLBACK}; the driver sends the first two in one flight. */
    void bare(Connection kept) throws SQLException {
        execute(kept);
        kept.rollback();
    }

    /** Runs the statement on that connection. */
    void execute(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }
}
