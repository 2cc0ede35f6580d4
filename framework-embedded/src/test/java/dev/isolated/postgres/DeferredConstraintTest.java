package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** What waits for a commit in production does not wait longer in a sandbox. */
@ExtendWith(Sandboxes.class)
class DeferredConstraintTest {

    private static final String SIMPLE = "&preferQueryMode=simple";

    private static final String[] SHOP = {
        "create table customer (id int primary key)",
        "create table buy (id int primary key,"
                + " customer int constraint late references customer deferrable initially deferred,"
                + " ref int constraint soon references customer deferrable initially immediate)"
    };

    @InEachQueryMode
    void case08DeferredErrorComesOutOfCommitWhichThenHasRolledBack(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = shop(postgres, mode)) {
            connection.setAutoCommit(false);
            Sql.run(connection, "insert into buy values (1, 7)");
            assertThatThrownBy(connection::commit)
                    .hasMessageContaining("violates foreign key constraint \"late\"")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("23503");

            assertThat(Sql.list(connection, "select id from buy")).isEmpty();
            Sql.run(connection, "insert into buy values (2, 7)", "insert into customer values (7)");
            connection.commit();
            connection.rollback();
            assertThat(Sql.list(connection, "select id from buy")).containsExactly("2");
            connection.rollback();
        }
    }

    @InEachQueryMode
    void case08DeferredErrorInTheFirstTransactionUndoesItsTables(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            connection.setAutoCommit(false);
            Sql.run(connection, SHOP);
            Sql.run(connection, "insert into buy values (1, 7)");
            assertThat(Sql.state(connection::commit)).isEqualTo("23503");

            assertThat(Sql.state(() -> Sql.run(connection, "select id from buy")))
                    .isEqualTo("42P01");
            connection.rollback();
        }
    }

    @InEachQueryMode
    void case08AutocommitFailsWhereTheCommitOfOneStatementWould(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = shop(postgres, mode)) {
            assertThat(Sql.state(() -> Sql.run(connection, "insert into buy values (1, 7)")))
                    .isEqualTo("23503");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            Sql.run(connection, "insert into customer values (7)", "insert into buy values (2, 7)");

            assertThat(Sql.list(connection, "select id from buy")).containsExactly("2");
        }
    }

    @InEachQueryMode
    void case08WhatWaitsFromTheStartWaitsAgainInEachTransaction(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = shop(postgres, mode)) {
            connection.setAutoCommit(false);
            for (int i = 1; i < 4; i++) {
                Sql.run(connection, "insert into buy values (" + i + ", " + i + ")");
                Sql.run(connection, "insert into customer values (" + i + ")");
                connection.commit();
                assertThat(Sql.state(() -> Sql.run(connection, "insert into buy values (9, null, 9)")))
                        .isEqualTo("23503");
                connection.rollback();
            }
        }
    }

    @InEachQueryMode
    void case08SetConstraintsEndsWithItsTransaction(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = shop(postgres, mode)) {
            connection.setAutoCommit(false);
            Sql.run(connection, "set constraints soon deferred", "insert into buy values (1, null, 7)");
            assertThat(Sql.state(connection::commit)).isEqualTo("23503");
            Sql.run(connection, "set constraints all deferred", "insert into buy values (1, null, 7)");
            Sql.run(connection, "insert into customer values (7)");
            connection.commit();
            assertThat(Sql.state(() -> Sql.run(connection, "insert into buy values (2, null, 8)")))
                    .isEqualTo("23503");
            connection.rollback();
            Sql.run(connection, "set constraints all immediate");
            assertThat(Sql.state(() -> Sql.run(connection, "insert into buy values (2, 8)")))
                    .isEqualTo("23503");
            connection.rollback();
            Sql.run(connection, "insert into buy values (2, 8)");
            connection.rollback();
        }
    }

    @InEachQueryMode
    void case08ConstraintThatIsMadeLaterWaitsInTheSameTransaction(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = shop(postgres, mode)) {
            connection.setAutoCommit(false);
            Sql.run(connection, "select 1");
            connection.commit();
            Sql.run(connection, "create table note (buy int references buy deferrable initially deferred)");
            Sql.run(connection, "insert into note values (5)", "insert into buy values (5)");
            connection.commit();
            assertThat(Sql.list(connection, "select buy from note")).containsExactly("5");
            connection.rollback();
        }
    }

    @InEachQueryMode
    void case08ConstraintTriggersFireAtEachCommitAndMaySpeakAndFail(String mode, Postgres postgres)
            throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode);
                Statement statement = connection.createStatement()) {
            Sql.run(
                    connection,
                    "create table entry (amount int)",
                    "create table checked (total int)",
                    "create function balance() returns trigger language plpgsql as $$ begin"
                            + " insert into checked select sum(amount) from entry; raise warning 'balanced';"
                            + " if (select sum(amount) from entry) <> 0 then raise exception 'unbalanced'; end if;"
                            + " return null; end $$",
                    "create constraint trigger balance after insert on entry deferrable initially deferred"
                            + " for each row execute function balance()");
            connection.setAutoCommit(false);
            Sql.run(connection, "insert into entry values (5)");
            assertThatThrownBy(connection::commit).hasMessageContaining("unbalanced");
            statement.execute("insert into entry values (5)");
            statement.execute("insert into entry values (-5)");
            assertThat(Sql.list(connection, "select total from checked")).isEmpty();
            connection.commit();
            assertThat(connection.getWarnings().getMessage()).contains("balanced");
            assertThat(Sql.list(connection, "select total from checked")).isEqualTo(List.of("0", "0"));
            connection.rollback();
        }
    }

    @InEachQueryMode
    void case08NothingPendsThatWouldBreakALaterChangeOfTheTable(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = shop(postgres, mode)) {
            Sql.run(connection, "insert into customer values (7)", "insert into buy values (1, 7)");
            connection.setAutoCommit(false);
            Sql.run(connection, "insert into buy values (2, 7)");
            connection.commit();
            Sql.run(connection, "alter table buy add column note text", "truncate buy");
            connection.commit();
            assertThat(Sql.list(connection, "select id from buy")).isEmpty();
            connection.rollback();
        }
    }

    @Test
    void case08CopyIsCheckedAtItsEnd(Postgres postgres) throws Exception {
        try (Connection connection = shop(postgres, SIMPLE)) {
            var copies = new CopyManager(connection.unwrap(BaseConnection.class));
            assertThat(Sql.state(() -> copies.copyIn("copy buy from stdin", new StringReader("1\t7\t\\N\n"))))
                    .isEqualTo("23503");
            assertThat(Sql.state(() -> copies.copyIn("copy buy from stdin", new StringReader("nonsense\n"))))
                    .isEqualTo("22P02");
            Sql.run(connection, "insert into customer values (7)");
            assertThat(copies.copyIn("copy buy from stdin", new StringReader("1\t7\t\\N\n")))
                    .isEqualTo(1);
            assertThat(Sql.list(connection, "select id from buy")).containsExactly("1");
        }
    }

    private static Connection shop(Postgres postgres, String mode) throws SQLException {
        Connection connection = Sandboxes.byUrl(postgres, mode);
        Sql.run(connection, SHOP);
        return connection;
    }
}
