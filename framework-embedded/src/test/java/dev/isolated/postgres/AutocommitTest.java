package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(Sandboxes.class)
class AutocommitTest {

    @Test
    void case01FailingCallLeavesTheConnectionUsable(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)");

            assertThat(Sql.state(() -> Sql.run(connection, "insert into thing values (1)")))
                    .isEqualTo("23505");
            assertThat(Sql.state(() -> Sql.run(connection, "selec 1"))).isEqualTo("42601");
            Sql.run(connection, "insert into thing values (2)");

            assertThat(Sql.ids(connection)).containsExactly("1", "2");
        }
    }

    @Test
    void case01FailingVeryFirstCallLeavesTheConnectionUsable(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            Sql.run(connection, Sql.TABLE);

            assertThat(Sql.ids(connection)).isEmpty();
        }
    }

    @Test
    void case01FailingBatchKeepsNothing(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                PreparedStatement insert = prepareThing(connection)) {
            for (int id : new int[] {1, 2, 1, 3}) {
                insert.setInt(1, id);
                insert.addBatch();
            }

            assertThatThrownBy(insert::executeBatch).isInstanceOf(BatchUpdateException.class);

            assertThat(Sql.ids(connection)).isEmpty();
        }
    }

    @Test
    void case01FailingBatchOfTextsKeepsNothing(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement()) {
            Sql.run(connection, Sql.TABLE);
            statement.addBatch("insert into thing values (1)");
            statement.addBatch("insert into thing values (1)");

            assertThatThrownBy(statement::executeBatch).isInstanceOf(BatchUpdateException.class);

            assertThat(Sql.ids(connection)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&preferQueryMode=simple"})
    void case01FailingMultiStatementKeepsNothing(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, Sql.TABLE);

            assertThat(Sql.state(() -> Sql.run(connection, "insert into thing values (1); select 1/0")))
                    .isEqualTo("22012");
            Sql.run(connection, "insert into thing values (2); insert into thing values (3)");

            assertThat(Sql.ids(connection)).containsExactly("2", "3");
        }
    }

    @Test
    void case05FreshConnectionIsInAutocommitAndInNoTransaction(Postgres postgres) throws SQLException {
        try (Connection first = postgres.connection()) {
            Sql.run(first, Sql.TABLE);
            try (Connection fresh = postgres.connection()) {
                assertThat(fresh.getAutoCommit()).isTrue();
                assertThat(fresh.isReadOnly()).isFalse();
                assertThat(fresh.isValid(1)).isTrue();
                assertThat(fresh.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
                assertThat(fresh.getSchema()).isEqualTo("public");
                assertThat(fresh.getClientInfo()).containsKey("ApplicationName");
                assertThat(Sql.state(() -> Sql.run(fresh, "savepoint s"))).isEqualTo("25P01");
                assertThat(Sql.ids(fresh)).isEmpty();
            }
        }
    }

    @Test
    void case05FastSucceedingUnitsDoNotNestDeeperAndDeeper(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                PreparedStatement insert = prepareThing(connection)) {
            for (int id = 1; id <= 5_000; id++) {
                insert.setInt(1, id);
                insert.executeUpdate();
            }

            assertThat(transactionIds(connection)).isLessThan(4);
            assertThat(Sql.one(connection, "select count(*) from thing")).isEqualTo("5000");
        }
    }

    @Test
    void case06ApplicationSavepointsAreReleasedWithTheirTransaction(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                PreparedStatement insert = prepareThing(connection)) {
            connection.setAutoCommit(false);
            for (int id = 1; id <= 500; id++) {
                connection.setSavepoint();
                insert.setInt(1, id);
                insert.executeUpdate();
                if (id % 10 == 0) {
                    connection.commit();
                }
            }
            connection.rollback();

            assertThat(transactionIds(connection)).isLessThan(4);
            assertThat(Sql.one(connection, "select count(*) from thing")).isEqualTo("500");
        }
    }

    /** The transaction and those of its subtransactions that have written and are still open. */
    private static int transactionIds(Connection connection) throws SQLException {
        return Integer.parseInt(Sql.one(
                connection,
                "select count(*) from pg_locks where locktype = 'transactionid' and pid = pg_backend_pid()"));
    }

    private static PreparedStatement prepareThing(Connection connection) throws SQLException {
        Sql.run(connection, Sql.TABLE);
        return connection.prepareStatement("insert into thing values (?)");
    }
}
