package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.Captured;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Sandboxes.class)
class ExplicitTransactionTest {

    @Test
    void case02EveryStatementAfterAnErrorFailsUntilRollback(Postgres postgres) throws SQLException {
        try (Connection connection = transaction(postgres)) {
            Sql.run(connection, "insert into thing values (1)");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1"))).isEqualTo("25P02");
            assertThat(Sql.state(() -> Sql.run(connection, "savepoint s"))).isEqualTo("25P02");
            assertThat(Sql.state(() -> Sql.run(connection, "listen l"))).isEqualTo("25P02");
            assertThat(Sql.state(() -> Sql.run(connection, "deallocate all"))).isEqualTo("25P02");
            connection.rollback();

            assertThat(Sql.ids(connection)).isEmpty();
            connection.rollback();
        }
    }

    @Test
    void case03CommitAfterAnErrorIsWhatTheDriverMakesOfItInProduction(Postgres postgres) throws SQLException {
        List<String> production;
        try (Connection bare = Sandboxes.bare(postgres)) {
            production = commitAfterError(bare);
            Sql.run(bare, "drop table thing");
        }
        try (Connection connection = postgres.connection()) {
            assertThat(commitAfterError(connection)).isEqualTo(production);
        }
    }

    private static List<String> commitAfterError(Connection connection) throws SQLException {
        var seen = new ArrayList<String>();
        Sql.run(connection, Sql.TABLE);
        connection.setAutoCommit(false);
        Sql.run(connection, "insert into thing values (1)");
        seen.add(Sql.state(() -> Sql.run(connection, "insert into thing values (1)")));
        try {
            connection.commit();
            seen.add("committed");
        } catch (SQLException e) {
            seen.add(e.getSQLState() + " " + e.getMessage());
        }
        seen.add("rows " + Sql.ids(connection));
        connection.rollback();
        connection.setAutoCommit(true);
        return seen;
    }

    @Test
    void case03CommitThatWasNoneIsInTheLog(Postgres postgres) throws SQLException {
        try (var log = new Captured("dev.isolated.postgres");
                Connection connection = transaction(postgres)) {
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            connection.commit();

            assertThat(log.lines(Level.INFO))
                    .singleElement()
                    .asString()
                    .contains("connection 1 of case03CommitThatWasNoneIsInTheLog")
                    .contains("commits a transaction that has failed; it is rolled back")
                    .contains("division by zero");
        }
    }

    @Test
    void case04TurningAutocommitOnCommits(Postgres postgres) throws SQLException {
        try (Connection connection = transaction(postgres)) {
            Sql.run(connection, "insert into thing values (1)");
            connection.setAutoCommit(true);
            connection.setAutoCommit(false);
            connection.rollback();

            assertThat(Sql.ids(connection)).containsExactly("1");
            connection.rollback();
        }
    }

    @Test
    void case04ClosingInATransactionRollsBackThatOneOnly(Postgres postgres) throws SQLException {
        try (Connection connection = transaction(postgres)) {
            Sql.run(connection, "insert into thing values (1)");
            connection.commit();
            Sql.run(connection, "insert into thing values (2)");
        }
        try (Connection next = postgres.connection()) {
            assertThat(Sql.ids(next)).containsExactly("1");
        }
    }

    @Test
    void case04SavepointInAutocommitAndChangesInATransactionAreRefusedByTheDriver(Postgres postgres)
            throws SQLException {
        try (Connection connection = postgres.connection()) {
            assertThat(Sql.state(connection::setSavepoint)).isEqualTo("25P01");
            connection.setAutoCommit(false);
            Sql.run(connection, "select 1");
            assertThat(Sql.state(() -> connection.setReadOnly(true))).isEqualTo("25001");
            assertThat(Sql.state(() -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE)))
                    .isEqualTo("25001");
            connection.rollback();
        }
    }

    @Test
    void case06SavepointsNestAndOutliveWhatTheSandboxDoesBeneathThem(Postgres postgres) throws SQLException {
        try (Connection connection = transaction(postgres)) {
            Sql.run(connection, "insert into thing values (1)");
            Savepoint outer = connection.setSavepoint("s");
            Sql.run(connection, "insert into thing values (2)");
            connection.setSavepoint("s");
            Sql.run(connection, "insert into thing values (3)", "rollback to savepoint s");
            assertThat(Sql.ids(connection)).containsExactly("1", "2");
            Sql.run(connection, "release s");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            connection.rollback(outer);
            Sql.run(connection, "insert into thing values (4)");
            connection.commit();

            assertThat(Sql.ids(connection)).containsExactly("1", "4");
            connection.rollback();
        }
    }

    /** As a connection pool does with each connection that it lends. */
    @Test
    void case04BetweenTransactionsEachConnectionIsAsItWasSetAndAnswersSo(Postgres postgres) throws SQLException {
        try (Connection connection = transaction(postgres);
                Connection other = postgres.connection()) {
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            assertThat(Sql.one(connection, "show transaction_read_only")).isEqualTo("on");
            connection.rollback();

            assertThat(connection.isReadOnly()).isTrue();
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_UNCOMMITTED);
            assertThat(other.isReadOnly()).isFalse();
            assertThat(other.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            assertThat(other.getAutoCommit()).isTrue();
            connection.rollback();
            connection.setReadOnly(false);
            Sql.run(connection, "insert into thing values (1)");
            connection.commit();
            assertThat(Sql.ids(other)).containsExactly("1");
        }
    }

    @Test
    void case06FailuresDoNotNestDeeperAndDeeper(Postgres postgres) throws SQLException {
        try (Connection connection = transaction(postgres)) {
            connection.setAutoCommit(true);
            for (int id = 1; id <= 500; id++) {
                Sql.run(connection, "insert into thing values (" + id + ")");
                assertThat(Sql.state(() -> Sql.run(connection, "insert into thing values (1)")))
                        .isEqualTo("23505");
            }

            assertThat(
                            Integer.parseInt(
                                    Sql.one(
                                            connection,
                                            "select count(*) from pg_locks where locktype = 'transactionid' and pid = pg_backend_pid()")))
                    .isLessThan(4);
            assertThat(Sql.ids(connection)).hasSize(500);
        }
    }

    @Test
    void case06SavepointOfAnEarlierTransactionIsGone(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            connection.setAutoCommit(false);
            Sql.run(connection, Sql.TABLE, "savepoint first", "insert into thing values (1)");
            connection.commit();
            assertThat(Sql.state(() -> Sql.run(connection, "rollback to savepoint first")))
                    .isEqualTo("3B001");
            connection.rollback();
            assertThat(Sql.state(() -> Sql.run(connection, "release savepoint first")))
                    .isEqualTo("3B001");
            connection.rollback();

            assertThat(Sql.ids(connection)).containsExactly("1");
            connection.rollback();
        }
    }

    @Test
    void case06RollingBackTheFirstTransactionUndoesItsTablesToo(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            connection.setAutoCommit(false);
            Sql.run(connection, Sql.TABLE, "savepoint s", "insert into thing values (1)");
            connection.rollback();
            assertThat(Sql.state(() -> Sql.ids(connection))).isEqualTo("42P01");
            connection.rollback();
        }
    }

    @Test
    void case10ReadOnlyIsEnforcedAndEndsWithItsTransaction(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            assertThat(Sql.state(() -> Sql.run(connection, Sql.TABLE))).isEqualTo("25006");
            connection.rollback();
            assertThat(Sql.list(connection, "select 1")).containsExactly("1");
            connection.commit();
            connection.setReadOnly(false);
            Sql.run(connection, Sql.TABLE);
            connection.commit();
            assertThat(Sql.ids(connection)).isEmpty();
            connection.commit();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "local ", "session "})
    void case10TextualReadOnlyInTheFirstTransactionEndsWithIt(String scope, Postgres postgres) throws SQLException {
        String set = "set " + scope + "transaction ";
        try (Connection connection = postgres.connection()) {
            connection.setAutoCommit(false);
            Sql.run(connection, set + "isolation level read uncommitted, read only");
            assertThat(Sql.state(() -> Sql.run(connection, Sql.TABLE))).isEqualTo("25006");
            connection.rollback();
            Sql.run(connection, set + "read only");
            connection.commit();
            Sql.run(connection, Sql.TABLE);
            connection.commit();
            connection.setAutoCommit(true);
            Sql.run(connection, set + "read only", "insert into thing values (1)");

            assertThat(Sql.ids(connection)).containsExactly("1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rollback to savepoint s", "release savepoint s"})
    void case10ReadOnlySinceASavepointEndsWithIt(String end, Postgres postgres) throws SQLException {
        String production;
        try (Connection bare = Sandboxes.bare(postgres)) {
            production = readOnlySinceASavepoint(bare, end);
            Sql.run(bare, "drop table thing");
        }
        try (Connection connection = postgres.connection()) {
            assertThat(readOnlySinceASavepoint(connection, end))
                    .isEqualTo(production)
                    .startsWith("on, 25006, off, [1]");
        }
    }

    private static String readOnlySinceASavepoint(Connection connection, String end) throws SQLException {
        Sql.run(connection, Sql.TABLE, "begin", "savepoint s", "set transaction read only");
        String within = Sql.one(connection, "show transaction_read_only");
        Sql.run(connection, "savepoint failure");
        String refused = Sql.state(() -> Sql.run(connection, "insert into thing values (1)"));
        Sql.run(connection, "rollback to failure", end);
        String after = Sql.one(connection, "show transaction_read_only");
        Sql.run(connection, "insert into thing values (1)", "commit");
        return within + ", " + refused + ", " + after + ", " + Sql.ids(connection);
    }

    private static Connection transaction(Postgres postgres) throws SQLException {
        Connection connection = postgres.connection();
        Sql.run(connection, Sql.TABLE);
        connection.setAutoCommit(false);
        return connection;
    }
}
