package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Sandboxes.class)
class TemporaryTableTest {

    @InEachQueryMode
    void case16TableIsDroppedAtTheCommitThatSaysSo(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            connection.setAutoCommit(false);
            for (int i = 0; i < 3; i++) {
                Sql.run(
                        connection,
                        "create temp table \"Odd one\" (i int) on commit drop",
                        "insert into \"Odd one\" values (1)");
                assertThat(Sql.one(connection, "select i from pg_temp.\"Odd one\""))
                        .isEqualTo("1");
                connection.commit();
                assertThat(Sql.state(() -> Sql.run(connection, "select * from \"Odd one\"")))
                        .isEqualTo("42P01");
                connection.rollback();
            }
            connection.setAutoCommit(true);
            Sql.run(connection, "create temporary table pg_temp.brief on commit drop as select 1 as i");
            assertThat(Sql.state(() -> Sql.run(connection, "select * from brief")))
                    .isEqualTo("42P01");
        }
    }

    @InEachQueryMode
    void case16RowsAreDeletedAtEachCommitOfTheirConnection(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, "create local temp table work (i int) on commit delete rows");
            connection.setAutoCommit(false);
            for (int i = 0; i < 3; i++) {
                Sql.run(connection, "insert into work values (1)");
                assertThat(Sql.list(connection, "select i from work")).containsExactly("1");
                connection.commit();
                assertThat(Sql.list(connection, "select i from work")).isEmpty();
                connection.rollback();
                Sql.run(other, "select 1");
            }
        }
    }

    @InEachQueryMode
    void case16TableOfTheSameNameWhoseMakingWasUndoneIsAnother(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            connection.setAutoCommit(false);
            Sql.run(connection, "savepoint s", "create temp table work (i int) on commit drop", "rollback to s");
            Sql.run(connection, "create temp table work (i int)", "insert into work values (1)");
            connection.commit();
            assertThat(Sql.list(connection, "select i from work")).containsExactly("1");
            connection.rollback();
        }
    }

    @Test
    void case16TableThatMayBeThereAlreadyIsRefused(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            assertThatThrownBy(() -> Sql.run(connection, "create temp table if not exists t (i int) on commit drop"))
                    .hasMessageContaining(
                            "a temporary table that changes ON COMMIT, made IF NOT EXISTS, is not possible");
        }
    }
}
