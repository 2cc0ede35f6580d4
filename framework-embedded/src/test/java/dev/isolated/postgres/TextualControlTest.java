package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

@ExtendWith(Sandboxes.class)
class TextualControlTest {

    private static final String EXTENDED = "&preferQueryMode=extended";
    private static final String SIMPLE = "&preferQueryMode=simple";

    @ParameterizedTest
    @ValueSource(strings = {EXTENDED, SIMPLE})
    void case12TransactionControlInTextIsEmulated(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, Sql.TABLE);
            Sql.run(
                    connection,
                    "/* a /* nested */ comment */ begin",
                    "insert into thing values (1)",
                    "-- end?\rcommit");
            Sql.run(connection, " ; start transaction", "insert into thing values (2)", "savepoint s");
            Sql.run(connection, "insert into thing values (3)", "rollback to savepoint s", "end;");
            Sql.run(connection, "begin work", "insert into thing values (4)", "abort");

            assertThat(Sql.ids(connection)).containsExactly("1", "2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EXTENDED, SIMPLE})
    void case12ChainsAndTwoPhaseCommitAreRefused(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            for (String refused : new String[] {"commit and chain", "rollback and chain", "prepare transaction 'x'"}) {
                Sql.run(connection, "begin");
                assertThatThrownBy(() -> Sql.run(connection, refused))
                        .hasMessageContaining("is not possible in TRANSACTION isolation");
                assertThat(Sql.state(() -> Sql.run(connection, "select 1"))).isEqualTo("25P02");
                Sql.run(connection, "rollback");
            }
        }
    }

    @Test
    void case12TransactionInOneTextIsEmulated(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            Sql.run(connection, Sql.TABLE, "begin; insert into thing values (1); commit; insert into thing values (2)");
            assertThat(Sql.state(() -> Sql.run(connection, "begin; insert into thing values (3); select 1/0; commit")))
                    .isEqualTo("22012");
            Sql.run(connection, "rollback");

            assertThat(Sql.ids(connection)).containsExactly("1", "2");
        }
    }

    @Test
    void case12TransactionInOneSimpleQueryIsRefusedAndChangesNothing(Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, SIMPLE)) {
            Sql.run(connection, Sql.TABLE);
            assertThatThrownBy(() -> Sql.run(connection, "begin; insert into thing values (1); commit"))
                    .hasMessageContaining("transaction control among other statements of one simple query");

            assertThat(Sql.ids(connection)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EXTENDED, SIMPLE})
    void case12WordsThatOnlyLookLikeControlAreData(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, "create table odd (atomic int, \"commit\" text, a$b$c int)");
            Sql.run(connection, "insert into odd values (1, '; commit; ', 3), (2, $x$; rollback; $x$, 4)");
            Sql.run(connection, "create function two() returns int begin atomic select 1; select 2; end");

            assertThat(Sql.one(connection, "select two()")).isEqualTo("2");
            assertThat(Sql.one(connection, "select count(\"commit\") from odd")).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EXTENDED, SIMPLE})
    void case12BeginAndCommitInTheWrongPlaceWarnAsTheServerDoes(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode);
                Statement statement = connection.createStatement()) {
            statement.execute("commit");
            assertThat(statement.getWarnings().getSQLState()).isEqualTo("25P01");
            statement.execute("begin");
            statement.execute("begin");
            assertThat(statement.getWarnings().getSQLState()).isEqualTo("25001");
            statement.execute("rollback");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EXTENDED, SIMPLE})
    void case13ServerSaysWhatCannotRunInATransactionAndTheHintSaysWhatTheTestNeeds(String mode, Postgres postgres)
            throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, Sql.TABLE, "create procedure p() language plpgsql as 'begin commit; end'");
            for (String sql : new String[] {
                "vacuum",
                "create index concurrently i on thing (id)",
                "create database d",
                "drop database d",
                "alter system set work_mem = '1MB'",
                "reindex database",
                "call p()"
            }) {
                assertThatThrownBy(() -> Sql.run(connection, sql))
                        .as(sql)
                        .hasMessageContaining("In TRANSACTION isolation")
                        .hasMessageContaining(mode)
                        .hasMessageContaining("needs @Isolated(mode = \"DATABASE\").");
            }
            assertThat(Sql.state(() -> Sql.run(connection, "vacuum"))).isEqualTo("25001");
            assertThat(Sql.state(() -> Sql.run(connection, "call p()"))).isEqualTo("2D000");
            assertThat(Sql.one(connection, "select 1")).isEqualTo("1");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EXTENDED, SIMPLE})
    void case13WhereProductionFailsTooThereIsNoHint(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, "create procedure p() language plpgsql as 'begin commit; end'");
            connection.setAutoCommit(false);
            for (String sql : new String[] {"vacuum", "call p()"}) {
                assertThatThrownBy(() -> Sql.run(connection, sql)).message().doesNotContain("isolation");
                connection.rollback();
            }
        }
    }

    @Test
    void case13ValueThatWasAddedToAnEnumCannotBeUsedAndTheHintSaysWhy() throws SQLException {
        try (Environments environments = Sandboxes.environments(
                        Map.of("isolated.postgres.scripts", "dev/isolated/postgres/template.sql"));
                IsolatedEnvironment environment = Sandboxes.open(environments, "MoodTest.isOk");
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.run(connection, "alter type mood add value 'ok'");
            assertThatThrownBy(() -> Sql.run(connection, "select 'ok'::mood"))
                    .hasMessageContaining("unsafe use of new value")
                    .hasMessageContaining("where production has committed it, MoodTest.isOk needs @Isolated(");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EXTENDED, SIMPLE})
    void case14ListenIsRefusedAtOnce(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            assertThatThrownBy(() -> Sql.run(connection, "listen news"))
                    .hasMessageContaining("LISTEN (notifications are delivered at a real commit, and there is none)")
                    .hasMessageContaining("Use DATABASE isolation");
            assertThat(Sql.one(connection, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void case14NotifyIsAcceptedThoughNobodyHearsIt(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            Sql.run(connection, "notify news, 'x'", "select pg_notify('news', 'y')", "unlisten *");
            assertThat(connection.unwrap(PGConnection.class).getNotifications()).isEmpty();
        }
    }

    @Test
    void case15TimeStandsStillForTheWholeTest(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            assertThat(Sql.one(connection, "select now()")).isEqualTo(Sql.one(connection, "select now()"));
            String clock = Sql.one(connection, "select clock_timestamp()");
            assertThat(Sql.one(connection, "select clock_timestamp() > '" + clock + "'"))
                    .isEqualTo("t");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {EXTENDED, SIMPLE})
    void case16CursorsEndWithTheirTransaction(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            assertThat(Sql.state(() -> Sql.run(connection, "declare c cursor for select 1")))
                    .isEqualTo("25P01");
            connection.setAutoCommit(false);
            Sql.run(connection, "declare c cursor for select generate_series(1, 9)", "fetch 2 from c");
            connection.commit();
            assertThat(Sql.state(() -> Sql.run(connection, "fetch 2 from c"))).isEqualTo("34000");
            connection.rollback();
        }
    }

    @Test
    void case16CursorThatShouldOutliveACommitIsRefused(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            assertThatThrownBy(() -> Sql.run(connection, "declare c cursor with hold for select 1"))
                    .hasMessageContaining("a cursor WITH HOLD");
        }
    }

    @Test
    void case09SetLocalInAutocommitDoesNothingAndWarns(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("set local work_mem = '1MB'");
            assertThat(statement.getWarnings().getSQLState()).isEqualTo("25P01");
            assertThat(Sql.one(connection, "show work_mem")).isNotEqualTo("1MB");
        }
    }

    @Test
    void case09CursorWithFetchSizeEndsAtCommitAsOnABareConnection(Postgres postgres) throws SQLException {
        String production;
        try (Connection bare = Sandboxes.bare(postgres)) {
            production = fetchAcrossCommit(bare);
        }
        try (Connection connection = postgres.connection()) {
            assertThat(fetchAcrossCommit(connection)).isEqualTo(production).startsWith("12");
        }
    }

    private static String fetchAcrossCommit(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        var seen = new StringBuilder();
        try (Statement statement = connection.createStatement()) {
            statement.setFetchSize(2);
            try (ResultSet rows = statement.executeQuery("select generate_series(1, 9)")) {
                rows.next();
                seen.append(rows.getInt(1));
                connection.commit();
                rows.next();
                seen.append(rows.getInt(1));
                seen.append(Sql.state(rows::next));
            }
        }
        connection.rollback();
        connection.setAutoCommit(true);
        return seen.toString();
    }
}
