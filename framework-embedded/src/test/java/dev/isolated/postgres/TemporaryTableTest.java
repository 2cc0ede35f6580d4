package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
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

    @InEachQueryMode
    void case16TablesEndWithTheirConnection(String mode, Postgres postgres) throws SQLException {
        for (int i = 0; i < 3; i++) {
            try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
                Sql.run(
                        connection,
                        "create temp table staged (i serial primary key)",
                        "create or replace temp view seen as select * from staged",
                        "create temp sequence numbers",
                        "create table pg_temp.plain (i int)",
                        "select 1 as i into temp copied",
                        "insert into staged default values");
                assertThat(Sql.list(connection, "select * from seen")).containsExactly("1");
            }
        }
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            assertThat(temporaries(connection)).isEmpty();
        }
    }

    @InEachQueryMode
    void case16TablesOfAConnectionThatStaysOpenStay(String mode, Postgres postgres) throws SQLException {
        try (Connection open = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(open, "create temp table kept (i int)", "insert into kept values (1)");
            for (int i = 0; i < 3; i++) {
                try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
                    Sql.run(
                            connection,
                            "create temp table staged (i serial primary key)",
                            "create temp view seen as select * from staged",
                            "create temp sequence numbers",
                            "create temp table numbered (i int)",
                            "alter table numbered add id int generated always as identity",
                            "create temp table brief (i int) on commit delete rows");
                }
            }
            assertThat(Sql.list(open, "select i from kept")).containsExactly("1");
            assertThat(temporaries(open)).containsExactly("kept");
        }
    }

    @InEachQueryMode
    void case16TablesThatARollbackBringsBackEndWithTheirConnectionAllTheSame(String mode, Postgres postgres)
            throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, "create temp table staged (i int)", "begin", "discard temp");
            assertThat(Sql.state(() -> Sql.run(connection, "select from staged")))
                    .isEqualTo("42P01");
            Sql.run(connection, "rollback", "select from staged");
        }
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            Sql.run(connection, "create temp table staged (i int)");
        }
    }

    @InEachQueryMode
    void case16DiscardDropsWhatIsTheConnectionsOwn(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            for (String discard : new String[] {"discard temp", "discard temporary", "discard all"}) {
                Sql.run(one, "create temp table ours (i int)");
                Sql.run(other, "create temp table theirs (i int)", discard, "select from ours");
                assertThat(temporaries(one)).containsExactly("ours");
                Sql.run(one, discard);
                assertThat(temporaries(one)).isEmpty();
            }
        }
    }

    @InEachQueryMode
    void case16DiscardIsNoWriteWhereTransactionsAreReadOnly(String mode, Postgres postgres) throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(one, "create temp table ours (i int)");
            for (String discard : new String[] {"discard temp", "discard all"}) {
                Sql.run(other, "create temp table theirs (i int)", "set default_transaction_read_only = on", discard);
                assertThat(temporaries(one)).containsExactly("ours");
                Sql.run(other, "reset default_transaction_read_only");
            }
        }
    }

    @InEachQueryMode
    void case16ConnectionThatIsClosedIsNoReasonToRefuseADiscard(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            try (Connection closed = Sandboxes.byUrl(postgres, mode)) {
                Sql.run(closed, "create temp table theirs (i int)");
            }
            Sql.run(connection, "create temp table ours (i int)", "discard all");
            assertThat(temporaries(connection)).isEmpty();
        }
    }

    @Test
    void case16TablesOfAClosedConnectionStayWhileATransactionIsOpen(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection()) {
            try (Connection closed = postgres.connection()) {
                Sql.run(closed, "create temp table staged (i int)");
            }
            Sql.run(outer, "begin", "select 1");
            try (Connection inner = postgres.connection()) {
                Sql.run(inner, "select 1");
            }
            Sql.run(outer, "commit", "create temp table staged (i int)");
        }
    }

    @Test
    void case16TableOfTheSameNameOnTwoOpenConnectionsIsTheServersError(Postgres postgres) throws SQLException {
        try (Connection one = postgres.connection();
                Connection other = postgres.connection()) {
            Sql.run(one, "create temp table staged (i int)");
            assertThat(Sql.state(() -> Sql.run(other, "create temp table staged (i int)")))
                    .isEqualTo("42P07");
        }
    }

    private static final String[] FUNCTIONS = {
        """
        create function dropped() returns bigint language plpgsql as $$ begin
          create temp table t9 as select 1 as i;
          create TEMPORARY table if not exists pg_temp."T 8.x" (i int)
            on commit drop;
          drop table t9;
          create temp table t9 on commit drop as select 1 as i;
          return (select count(*) from t9); end $$""",
        "create function emptied(n int) returns void language sql as"
                + " 'create table if not exists pg_temp.work (i int) on commit delete rows'",
        "create function kept() returns void language plpgsql as" + " $$ begin create temp table t (i int); end $$",
        "create function computed() returns void language plpgsql as"
                + " $$ begin execute format('create temp table %I on commit drop as select 1', 't' || 7); end $$"
    };

    @InEachQueryMode
    void case16TablesThatFunctionsMakeChangeAtTheCommitToo(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, FUNCTIONS);
            for (int i = 0; i < 3; i++) {
                assertThat(Sql.one(connection, "select dropped()")).isEqualTo("1");
                assertThat(temporaries(connection)).isEmpty();
                Sql.run(connection, "begin", "select dropped()");
                assertThat(temporaries(connection)).containsExactly("T 8.x", "t9");
                Sql.run(connection, "commit");
            }
            Sql.run(connection, "select emptied(1)", "select kept()", "begin", "insert into work values (1)");
            Sql.run(connection, "insert into t values (1)", "commit");
            assertThat(Sql.list(connection, "select i from work")).isEmpty();
            assertThat(Sql.list(connection, "select i from t")).containsExactly("1");
        }
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            assertThat(temporaries(connection)).isEmpty();
        }
    }

    @Test
    void case16FunctionsOfTheTemplateAreKnown() throws SQLException {
        Map<String, String> settings = Map.of("isolated.postgres.scripts", "dev/isolated/postgres/temporary.sql");
        try (Environments environments = Sandboxes.environments(settings);
                IsolatedEnvironment environment = Sandboxes.open(environments, "tallies");
                Connection connection = environment.get(Postgres.class).connection()) {
            for (int i = 0; i < 3; i++) {
                assertThat(Sql.one(connection, "select tally()")).isEqualTo("1");
            }
        }
    }

    @InEachQueryMode
    void case16TableOfAFunctionWhoseNameIsComputedIsRefusedAtTheCommit(String mode, Postgres postgres)
            throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, FUNCTIONS);
            assertThatThrownBy(() -> Sql.run(connection, "select computed()"))
                    .hasMessageContaining("a temporary table that a function makes, under a name that its text does not"
                            + " have, and that this commit may drop is not possible in TRANSACTION isolation")
                    .hasMessageContaining("@Isolated(mode = \"DATABASE\")");
            assertThat(temporaries(connection)).isEmpty();
        }
    }

    @InEachQueryMode
    void case16TablesMadeByTheWayAreRefusedWhereTheyChangeAtTheCommit(String mode, Postgres postgres)
            throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            assertThatThrownBy(() -> Sql.run(
                            connection, "do $$ begin create temp table t (i int) on commit delete rows; end $$"))
                    .hasMessageContaining(
                            "a temporary table that changes ON COMMIT, made by a DO block, is not possible");
            assertThatThrownBy(() ->
                            Sql.run(connection, "explain (analyze) create temp table t on commit drop as select 1"))
                    .hasMessageContaining("made by EXPLAIN ANALYZE, is not possible");
            Sql.run(connection, "explain create temp table t on commit drop as select 1");
            Sql.run(connection, "do $$ begin create temp table staged (i int); end $$");
        }
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, "do $$ begin create temp table staged (i int); end $$");
        }
    }

    private static List<String> temporaries(Connection connection) throws SQLException {
        return Sql.list(
                connection, "select relname from pg_class where relnamespace = pg_my_temp_schema() order by relname");
    }
}
