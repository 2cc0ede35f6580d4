package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

@ExtendWith(Sandboxes.class)
class TextualControlTest {

    private static final String SIMPLE = "&preferQueryMode=simple";

    @InEachQueryMode
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

    @InEachQueryMode
    void case12WhatIsDoneInPlaceOfOneStatementIsNotDoneInPlaceOfThoseBesideIt(String mode, Postgres postgres)
            throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, Sql.TABLE, "reset all; insert into thing values (1)");
            Sql.run(connection, "discard temp; insert into thing values (2)");
            assertThat(Sql.state(() -> Sql.run(connection, "insert into thing values (3); discard all")))
                    .isEqualTo("25001");

            assertThat(Sql.ids(connection)).containsExactly("1", "2");
        }
    }

    @InEachQueryMode
    void case12WhatFollowsAWayBackToASavepointInOneTextIsInATransactionThatHasNotFailed(String mode, Postgres postgres)
            throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, Sql.TABLE, "begin", "insert into thing values (1)", "savepoint s");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            Sql.run(connection, "rollback to s; begin; insert into thing values (2); commit");

            Sql.run(connection, "begin", "insert into thing values (3)", "savepoint s");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            assertThat(Sql.state(() -> Sql.run(connection, "rollback to missing; commit")))
                    .isEqualTo("3B001");
            Sql.run(connection, "commit");

            assertThat(Sql.ids(connection)).containsExactly("1", "2");
        }
    }

    @InEachQueryMode
    void case12TwoPhaseCommitIsRefused(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, "begin");
            assertThatThrownBy(() -> Sql.run(connection, "prepare transaction 'x'"))
                    .hasMessageContaining("is not possible in TRANSACTION isolation");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1"))).isEqualTo("25P02");
            Sql.run(connection, "rollback");
        }
    }

    @InEachQueryMode
    void case12ChainedTransactionsEndEachByItself(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, "begin", Sql.TABLE, "insert into thing values (1)", "commit and chain");
            Sql.run(connection, "insert into thing values (2)", "rollback and chain");
            Sql.run(connection, "insert into thing values (3)", "end work and chain");
            assertThat(Sql.state(() -> Sql.run(connection, "select 1/0"))).isEqualTo("22012");
            Sql.run(connection, "commit and chain", "insert into thing values (4)", "commit");

            assertThat(Sql.ids(connection)).containsExactly("1", "3", "4");
        }
    }

    @InEachQueryMode
    void case12ChainIsReadOnlyLikeTheTransactionBefore(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            for (String chain : new String[] {"commit and chain", "rollback and chain"}) {
                Sql.run(connection, "begin read only", chain);
                assertThat(Sql.one(connection, "show transaction_read_only")).isEqualTo("on");
                assertThat(Sql.state(() -> Sql.run(connection, Sql.TABLE))).isEqualTo("25006");
                Sql.run(connection, "rollback", "begin", chain);
                assertThat(Sql.one(connection, "show transaction_read_only")).isEqualTo("off");
                Sql.run(connection, "rollback");
            }
        }
    }

    @InEachQueryMode
    void case12ChainOutsideOfATransactionFailsAsTheServerDoes(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            for (String chain : new String[] {"commit and chain", "rollback and chain"}) {
                assertThat(Sql.state(() -> Sql.run(connection, chain))).isEqualTo("25P01");
            }
            assertThat(Sql.one(connection, "select 1")).isEqualTo("1");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "begin; insert into thing values (1); commit",
                "insert into thing values (1); commit; insert into thing values (2)",
                "insert into thing values (1); rollback; insert into thing values (2)",
                "insert into thing values (1); begin; insert into thing values (2); rollback",
                "insert into thing values (1); commit; insert into thing values (2); select 1/0; commit",
                "begin; insert into thing values (1); savepoint s; insert into thing values (2); rollback to s; commit",
                "insert into thing values (1); savepoint s",
                "insert into thing values (1); commit and chain",
                "begin; insert into thing values (1); commit; nonsense",
                "begin; insert into thing values (1); commit; insert into missing values (1)",
                "lock table thing; insert into thing values (1)",
                "declare c cursor for select 1; fetch all from c; insert into thing values (1)",
                "set transaction read only; insert into thing values (1)",
                "set local work_mem = '1MB'; insert into thing values (1); commit",
                "begin; insert into thing values (1); rollback and chain; insert into thing values (2); commit",
                "begin; insert into thing values (1); begin; commit; commit",
            })
    void case12SimpleQueryWithControlDoesWhatItDoesOnABareConnection(String text, Postgres postgres)
            throws SQLException {
        String production;
        try (Connection bare = Sandboxes.bare(postgres, SIMPLE)) {
            production = outcome(bare, text);
            Sql.run(bare, "drop table thing");
        }
        try (Connection connection = Sandboxes.byUrl(postgres, SIMPLE)) {
            assertThat(outcome(connection, text)).isEqualTo(production);
        }
    }

    /** The results, the warnings or the failure, the rows that this leaves, and whether a transaction is still open. */
    private static String outcome(Connection connection, String text) throws SQLException {
        Sql.run(connection, Sql.TABLE);
        var seen = new StringBuilder();
        try (Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(text);
            while (rows || statement.getUpdateCount() >= 0) {
                seen.append(rows ? "rows " : statement.getUpdateCount() + " ");
                rows = statement.getMoreResults();
            }
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                seen.append(warning.getMessage()).append(' ');
            }
        } catch (SQLException e) {
            seen.append(e.getMessage()).append(' ');
        }
        boolean open = !Sql.state(() -> Sql.run(connection, "savepoint open")).equals("25P01");
        Sql.run(connection, "rollback");
        return seen.append(Sql.ids(connection)).append(open).toString();
    }

    @Test
    void case12CopyBeforeControlDoesWhatItDoesOnABareConnection(Postgres postgres) throws SQLException {
        String production;
        try (Connection bare = Sandboxes.bare(postgres)) {
            production = copied(bare);
            Sql.run(bare, "drop table thing");
        }
        try (Connection connection = postgres.connection()) {
            assertThat(copied(connection)).isEqualTo(production).contains("[1, 2, 3]");
        }
    }

    private static String copied(Connection connection) throws SQLException {
        Sql.run(connection, Sql.TABLE);
        var copy = connection.unwrap(PGConnection.class).getCopyAPI();
        String state = Sql.state(() -> copy.copyIn(
                "copy thing from stdin; commit; insert into thing values (3); select 1",
                new StringReader("1\tone\n2\ttwo\n")));
        return state + Sql.ids(connection);
    }

    @InEachQueryMode
    void case12WordsThatOnlyLookLikeControlAreData(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(connection, "create table odd (atomic int, \"commit\" text, a$b$c int)");
            Sql.run(connection, "insert into odd values (1, '; commit; ', 3), (2, $x$; rollback; $x$, 4)");
            Sql.run(connection, "create function two() returns int begin atomic select 1; select 2; end");

            assertThat(Sql.one(connection, "select two()")).isEqualTo("2");
            assertThat(Sql.one(connection, "select count(\"commit\") from odd")).isEqualTo("2");
        }
    }

    /** In this mode the driver leaves it to the server to find out where a statement ends. */
    @Test
    void case12StringsEndWhereTheServerSaysSo(Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, SIMPLE);
                Connection other = Sandboxes.byUrl(postgres, SIMPLE)) {
            Sql.run(connection, Sql.TABLE, "begin", "insert into thing values (1)");
            assertThat(Sql.one(connection, "select E'a'\n'b\\'; commit; --'")).isEqualTo("ab'; commit; --");
            Sql.run(connection, "rollback", "set standard_conforming_strings = off");
            Sql.run(other, "begin; select '\\'; insert into thing values (2); commit; select '\\'");
            Sql.run(connection, "begin", "insert into thing values (3)");
            assertThat(Sql.one(connection, "select 'it\\'s; commit; '")).isEqualTo("it's; commit; ");
            Sql.run(connection, "rollback");

            assertThat(Sql.ids(other)).containsExactly("2");
        }
    }

    @InEachQueryMode
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

    @Test
    void case12CommitInsideOfAProcedureOrABlockCannotEndTheSandbox(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)");
            Sql.run(connection, "create procedure p() language plpgsql as 'begin commit; end'");
            Sql.run(connection, "create function f() returns void language plpgsql as 'begin commit; end'");
            Sql.run(connection, "create function g() returns void language plpgsql as $$begin execute 'commit'; end$$");
            assertThat(Sql.state(() -> Sql.run(connection, "call p()"))).isEqualTo("2D000");
            assertThat(Sql.state(() -> Sql.run(connection, "do 'begin commit; end'")))
                    .isEqualTo("2D000");
            assertThat(Sql.state(() -> Sql.run(connection, "do $$begin execute 'rollback'; end$$")))
                    .isEqualTo("0A000");
            assertThat(Sql.state(() -> Sql.run(connection, "select f()"))).isEqualTo("2D000");
            assertThat(Sql.state(() -> Sql.run(connection, "select g()"))).isEqualTo("0A000");
            String control = "create function k() returns void language sql as 'commit'";
            assertThat(Sql.state(() -> Sql.run(connection, control + "; select k()")))
                    .isEqualTo("0A000");

            assertThat(Sql.ids(connection)).containsExactly("1");
        }
    }

    @InEachQueryMode
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
                "reindex database " + Sql.one(connection, "select quote_ident(current_database())"),
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

    @InEachQueryMode
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

    @InEachQueryMode
    void case14ListenIsRefusedAtOnce(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            assertThatThrownBy(() -> Sql.run(connection, "listen news"))
                    .hasMessageContaining("LISTEN (notifications are delivered at a real commit, and there is none)")
                    .hasMessageContaining(" is not possible in TRANSACTION isolation, in ")
                    .hasMessageContaining(mode)
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
            assertThat(Sql.one(connection, "select txid_current()"))
                    .isEqualTo(Sql.one(connection, "select txid_current()"));
            String clock = Sql.one(connection, "select clock_timestamp()");
            assertThat(Sql.one(connection, "select clock_timestamp() > '" + clock + "'"))
                    .isEqualTo("t");
        }
    }

    @InEachQueryMode
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

    @InEachQueryMode
    void case09WhatIsLocalHoldsUpToTheEndOfItsCallInAutocommitToo(String mode, Postgres postgres) throws SQLException {
        String text = "set local work_mem = '1MB'; show work_mem; set constraints missing deferred";
        String quick = "set local work_mem = '1MB'; show work_mem";
        List<String> production;
        try (Connection bare = Sandboxes.bare(postgres, mode)) {
            production = List.of(Outcome.of(bare, text), Outcome.of(bare, quick), Outcome.of(bare, "show work_mem"));
        }
        try (Connection connection = Sandboxes.byUrl(postgres, mode)) {
            assertThat(List.of(
                            Outcome.of(connection, text),
                            Outcome.of(connection, quick),
                            Outcome.of(connection, "show work_mem")))
                    .isEqualTo(production);
            assertThat(production.get(1)).contains("[1MB]");
        }
    }

    @Test
    void case12SyntaxErrorIsToldAlsoWhereTheConnectionIsReadOnlyByDefault(Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, SIMPLE)) {
            Sql.run(connection, Sql.TABLE, "set default_transaction_read_only = off");

            assertThat(Sql.state(() -> Sql.run(connection, "savepoint t; nonsense; insert into thing values (7)")))
                    .isEqualTo("42601");
            assertThat(Sql.ids(connection)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"savepoint \"isolated:unit\"", "release \"isolated:unit\"", "rollback to \"isolated:unit\""})
    void case06SavepointsOfTheSandboxAreOutOfReach(String sql, Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)", "begin", "insert into thing values (2)");
            assertThatThrownBy(() -> Sql.run(connection, sql))
                    .hasMessageContaining("a savepoint whose name begins with isolated: is not possible");
            Sql.run(connection, "rollback");

            assertThat(Sql.ids(connection)).containsExactly("1");
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
