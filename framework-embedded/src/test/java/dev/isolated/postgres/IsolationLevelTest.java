package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test gets the isolation level that it asks for, a weaker one that is none the wiser, or a refusal. */
@ExtendWith(Sandboxes.class)
class IsolationLevelTest {

    @Test
    void case11StrongerLevelThanTheTransactionsIsRefusedByName(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            assertThatThrownBy(() -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE))
                    .hasMessageContaining("the isolation level SERIALIZABLE, above READ COMMITTED, is not possible in"
                            + " TRANSACTION isolation")
                    .hasMessageContaining("case11StrongerLevelThanTheTransactionsIsRefusedByName")
                    .hasMessageContaining("Set isolated.postgres.isolation-level = serializable, or use"
                            + " @Isolated(mode = \"DATABASE\").");
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            for (String sql : new String[] {
                "begin isolation level repeatable read",
                "start transaction read only, isolation level serializable",
                "set default_transaction_isolation = 'repeatable read'"
            }) {
                assertThatThrownBy(() -> Sql.run(connection, sql))
                        .hasMessageContaining(", above READ COMMITTED, is not");
            }
            Sql.run(connection, "begin");
            assertThatThrownBy(() -> Sql.run(connection, "set transaction isolation level serializable"))
                    .hasMessageContaining("SERIALIZABLE, above READ COMMITTED");
            Sql.run(connection, "rollback");
        }
    }

    @Test
    void case11WeakerLevelIsAcceptedAndAnswered(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_UNCOMMITTED);
            connection.setAutoCommit(false);
            Sql.run(connection, "set transaction isolation level read committed");
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
            connection.commit();
            assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_UNCOMMITTED);
            connection.rollback();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "simple"})
    void case11LevelIsAnsweredAmongOtherStatementsToo(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, "&preferQueryMode=" + mode)) {
            connection.setTransactionIsolation(Connection.TRANSACTION_READ_UNCOMMITTED);

            assertThat(Outcome.of(connection, "select 1; show transaction_isolation; select 2"))
                    .isEqualTo("[1] [read uncommitted] [2]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"extended", "simple"})
    void case11TransactionIsAtTheLevelThatIsSet(String mode) throws SQLException {
        try (Environments environments =
                        Sandboxes.environments(Map.of("isolated.postgres.isolation-level", "serializable"));
                IsolatedEnvironment environment = Sandboxes.open(environments, "IsolationLevelTest.serializable")) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection connection = Sandboxes.byUrl(postgres, "&preferQueryMode=" + mode);
                    Connection other = postgres.connection()) {
                assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
                assertThat(physicalLevel(connection)).isEqualTo("serializable");
                connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                assertThat(connection.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_SERIALIZABLE);
                assertThat(other.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
                Sql.run(other, "begin isolation level repeatable read");
                assertThat(Sql.one(other, "show transaction_isolation")).isEqualTo("repeatable read");
                Sql.run(other, "rollback");
                Sql.run(connection, Sql.TABLE, "insert into thing values (1)");
                assertThat(Sql.ids(other)).containsExactly("1");
            }
        }
    }

    private static String physicalLevel(Connection connection) throws SQLException {
        return Sql.one(connection, "select current_setting('transaction_isolation')");
    }
}
