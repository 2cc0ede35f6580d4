package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.isolated.application.Application;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Transactions of two connections that one thread has open at the same time, as REQUIRES_NEW makes them. */
@ExtendWith(Sandboxes.class)
class OverlapTest {

    private static final String EXTENDED = "&preferQueryMode=extended";
    private static final String SIMPLE = "&preferQueryMode=simple";

    @ParameterizedTest
    @MethodSource("ends")
    void case07TransactionBesideOneThatHasOnlyReadIsIndependentOfIt(
            String mode, String innerEnd, String outerEnd, Postgres postgres) throws SQLException {
        try (Connection outer = Sandboxes.byUrl(postgres, mode);
                Connection inner = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(outer, Sql.TABLE, "begin");
            Sql.ids(outer);
            Sql.run(inner, "begin", "insert into thing values (1)");
            Sql.run(inner, "insert into thing values (2)", innerEnd);
            Sql.run(outer, "insert into thing values (3)", outerEnd);

            String expected = (innerEnd.equals("commit") ? "1, 2, " : "") + (outerEnd.equals("commit") ? "3" : "");
            assertThat(Sql.ids(inner)).isEqualTo(ids(expected));
        }
    }

    static Stream<Arguments> ends() {
        List<String> ends = List.of("commit", "rollback");
        return Stream.of(EXTENDED, SIMPLE)
                .flatMap(mode ->
                        ends.stream().flatMap(inner -> ends.stream().map(outer -> Arguments.of(mode, inner, outer))));
    }

    static Stream<Arguments> endsWithoutLoss() {
        return ends().filter(ends -> !ends.get()[1].equals("commit") || !ends.get()[2].equals("rollback"));
    }

    static Stream<Arguments> looks() {
        List<String> looks = List.of(
                "select * from thing",
                "update thing set name = 'x'",
                "delete from thing where id = 1",
                "insert into thing values (1)",
                "insert into thing values (1) on conflict do nothing",
                "insert into audit select id from thing",
                "truncate thing, part",
                "alter table thing add more int",
                "create index on thing (name)",
                "lock table thing in share mode",
                "insert into part values (1, 1)",
                "select peek()",
                "select id from thing where ctid = '(0,1)'",
                "select id from thing where CTID >= '(0,0)'",
                "select id from thing tablesample system (100)",
                "select sample()");
        return Stream.of(EXTENDED, SIMPLE).flatMap(mode -> looks.stream().map(sql -> Arguments.of(mode, sql)));
    }

    private static List<String> ids(String text) {
        return Arrays.stream(text.split(", ")).filter(id -> !id.isEmpty()).toList();
    }

    @ParameterizedTest
    @MethodSource("endsWithoutLoss")
    void case07TransactionAboveOneThatHasWrittenElsewhereEndsByItself(
            String mode, String innerEnd, String outerEnd, Postgres postgres) throws SQLException {
        try (Connection outer = Sandboxes.byUrl(postgres, mode);
                Connection inner = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "begin", "insert into thing values (1)");
            Sql.run(inner, "begin", "insert into audit values (1)", "select id from audit", innerEnd);
            Sql.run(outer, "insert into thing values (2)");
            Sql.run(outer, outerEnd);

            assertThat(Sql.ids(inner)).isEqualTo(ids(outerEnd.equals("commit") ? "1, 2" : ""));
            assertThat(Sql.list(inner, "select id from audit")).isEqualTo(ids(innerEnd.equals("commit") ? "1" : ""));
        }
    }

    @Test
    void case07RollbackThatWouldUndoAnothersCommitIsRefusedWithBothPlaces(Postgres own) throws SQLException {
        IsolatedEnvironment environment = Sandboxes.open("AuditTest.fails");
        Postgres postgres = environment.get(Postgres.class);
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT);
            outer.setAutoCommit(false);
            Application.run(outer, "insert into thing values (1)");
            Application.run(inner, "insert into audit values (1)");
            String application = "\n\tat " + Application.class.getName() + ".run";
            assertThatThrownBy(outer::rollback)
                    .hasMessageContaining(
                            "Could not roll back a transaction of AuditTest.fails that was begun" + application)
                    .hasMessageContaining("a commit of a transaction that was begun" + application)
                    .hasMessageContaining("use @Isolated(mode = \"DATABASE\") for this test");
            assertThatThrownBy(() -> Sql.ids(inner))
                    .hasMessageContaining("is of no further use: Could not roll back a transaction");
        }
        assertThat(catchThrowable(environment::close))
                .isInstanceOf(IsolationException.class)
                .hasStackTraceContaining("Could not roll back a transaction of AuditTest.fails");
        try (Connection connection = own.connection()) {
            assertThat(Sql.one(connection, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void case07RollbackOverAConnectionThatHasOnlyReadIsNobodysLoss(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "begin", "insert into thing values (1)");
            assertThat(Sql.list(inner, "select id from audit")).isEmpty();
            Sql.run(outer, "rollback");

            assertThat(Sql.ids(inner)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("looks")
    void case07LookingAtWhatIsNotCommittedIsRefusedWithBothPlaces(String mode, String sql, Postgres postgres)
            throws SQLException {
        try (Connection outer = Sandboxes.byUrl(postgres, mode);
                Connection inner = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "create table part (id int, thing int references thing)");
            Sql.run(outer, "create function peek() returns bigint language sql as 'select count(*) from thing'");
            Sql.run(
                    outer,
                    "create function sample() returns bigint language sql"
                            + " as 'select count(*) from thing tablesample system (100)'",
                    "begin");
            Application.run(outer, "insert into thing values (1)");
            assertThatThrownBy(() -> Application.run(inner, "begin; " + sql))
                    .hasMessageContaining("Could not run \"" + sql + "\" on a second connection of")
                    .hasMessageContaining(", which is\n\tat " + Application.class.getName() + ".run")
                    .hasMessageContaining("thing")
                    .hasMessageContaining("that transaction was begun")
                    .hasMessageContaining("or use @Isolated(mode = \"DATABASE\")");
            Sql.run(inner, "rollback");
            Sql.run(outer, "commit");

            assertThat(Sql.ids(inner)).containsExactly("1");
        }
    }

    @Test
    void case07BothMayInsertIntoOneTable(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, "begin", "insert into thing values (1)");
            Sql.run(inner, "insert into thing values (2)");
            Sql.run(outer, "commit");

            assertThat(Sql.ids(inner)).containsExactly("1", "2");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delete from thing where id = 1", "update thing set id = 5 where id = 1"})
    void case07KeyThatTheOtherHasOnlyJustGivenUpIsNotFree(String freeing, Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, "insert into thing values (1)", "begin", freeing);
            assertThatThrownBy(() -> Sql.run(inner, "insert into thing values (1)"))
                    .hasMessageContaining("that it has to do with public.thing");
            Sql.run(outer, "rollback");

            assertThat(Sql.ids(inner)).containsExactly("1");
        }
    }

    @Test
    void case07BothMayReferToOneRow(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, "insert into thing values (1)");
            Sql.run(outer, "create table a (thing int references thing)");
            Sql.run(outer, "create table b (thing int references thing)", "begin", "insert into a values (1)");
            Sql.run(inner, "insert into b values (1)");
            assertThat(Sql.ids(inner)).containsExactly("1");
            assertThatThrownBy(() -> Sql.run(inner, "update thing set name = 'x'"))
                    .hasMessageContaining("that it has to do with public.thing");
            Sql.run(outer, "commit");

            assertThat(Sql.list(inner, "select thing from b")).containsExactly("1");
        }
    }

    @Test
    void case07RowThatTheOtherHasLockedIsNotTouched(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, "insert into thing values (1)", "begin", "select * from thing for update");
            assertThatThrownBy(() -> Sql.run(inner, "select * from thing for update"))
                    .hasMessageContaining("that it has to do with public.thing");
            Sql.run(outer, "rollback");
        }
    }

    @Test
    void case07FailedTransactionLetsAnotherRecordThat(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, "begin", "insert into thing values (1)");
            assertThat(Sql.state(() -> Sql.run(outer, "select 1/0"))).isEqualTo("22012");
            Sql.run(inner, "insert into thing values (2)");
            assertThat(Sql.state(() -> Sql.ids(outer))).isEqualTo("25P02");
            Sql.run(outer, "commit");

            assertThat(Sql.ids(outer)).containsExactly("2");
        }
    }

    @Test
    void case07FailedInnerTransactionLeavesTheOuterOneAlone(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(
                    outer,
                    Sql.TABLE,
                    Sql.AUDIT,
                    "insert into audit values (1)",
                    "begin",
                    "insert into thing values (1)");
            assertThat(Sql.state(() -> Sql.run(inner, "insert into audit values (1)")))
                    .isEqualTo("23505");
            Sql.run(inner, "begin");
            assertThat(Sql.state(() -> Sql.run(inner, "select 1/0"))).isEqualTo("22012");
            assertThat(Sql.state(() -> Sql.run(inner, "select 1"))).isEqualTo("25P02");
            Sql.run(outer, "insert into thing values (2)");
            assertThat(Sql.state(() -> Sql.run(inner, "select 1"))).isEqualTo("25P02");
            Sql.run(inner, "rollback");
            Sql.run(outer, "rollback");

            assertThat(Sql.ids(outer)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void case07CursorsOfBothGoOnAndEndEachWithItsOwnTransaction(boolean writes, Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection();
                Statement statement = outer.createStatement()) {
            Sql.run(outer, Sql.AUDIT, Sql.TABLE);
            outer.setAutoCommit(false);
            if (writes) {
                Sql.run(outer, "insert into thing values (1)");
            }
            statement.setFetchSize(2);
            try (ResultSet rows = statement.executeQuery("select generate_series(1, 5)")) {
                rows.next();
                Sql.run(inner, "begin", "declare mine cursor for select 1", "fetch mine");
                Sql.run(inner, "insert into audit values (1)", "commit");
                assertThat(Sql.state(() -> Sql.run(inner, "begin", "fetch mine")))
                        .isEqualTo("34000");
                Sql.run(inner, "rollback");
                int seen = 1;
                while (rows.next()) {
                    seen++;
                }
                assertThat(seen).isEqualTo(5);
            }
            Sql.run(outer, "declare theirs cursor for select 1");
            Sql.list(inner, "select id from audit");
            if (writes) {
                outer.commit();
            } else {
                outer.rollback();
            }
            assertThat(Sql.state(() -> Sql.run(outer, "fetch theirs"))).isEqualTo("34000");
            outer.rollback();
        }
    }

    @Test
    void case07ThreeTransactionsEndOneAfterTheOther(Postgres postgres) throws SQLException {
        try (Connection one = postgres.connection();
                Connection two = postgres.connection();
                Connection three = postgres.connection()) {
            Sql.run(one, Sql.TABLE, Sql.AUDIT, "create table log (id int)");
            Sql.run(one, "begin", "insert into thing values (1)");
            Sql.run(two, "begin", "insert into audit values (1)");
            Sql.run(three, "begin", "insert into log values (1)", "commit");
            assertThat(Sql.list(three, "select id from log")).containsExactly("1");
            assertThatThrownBy(() -> Sql.ids(three)).hasMessageContaining("to do with public.thing");
            assertThatThrownBy(() -> Sql.run(three, "select * from audit"))
                    .hasMessageContaining("to do with public.audit");
            assertThatThrownBy(() -> Sql.run(one, "select 1"))
                    .hasMessageContaining("it has written, and lies above the transaction of this connection");
            Sql.run(two, "commit");
            Sql.run(one, "commit");

            assertThat(Sql.list(three, "select id from thing union all select id from audit"))
                    .hasSize(2);
        }
    }

    @Test
    void case07ReadOnlyTransactionStaysSoBesideOneThatWrites(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE);
            outer.setReadOnly(true);
            outer.setAutoCommit(false);
            Sql.ids(outer);
            Sql.run(inner, "insert into thing values (1)");
            assertThat(Sql.ids(outer)).containsExactly("1");
            assertThat(Sql.state(() -> Sql.run(outer, "delete from thing"))).isEqualTo("25006");
            outer.rollback();

            assertThat(Sql.ids(inner)).containsExactly("1");
        }
    }

    @Test
    void case07SavepointsOfTheOtherConnectionAreOutOfReach(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "begin", "savepoint s", "insert into thing values (1)");
            Sql.run(inner, "begin");
            assertThat(Sql.state(() -> Sql.run(inner, "rollback to s"))).isEqualTo("3B001");
            Sql.run(inner, "rollback", "begin", "insert into audit values (1)", "savepoint s");
            Sql.run(inner, "insert into audit values (2)", "rollback to s", "commit");
            Sql.run(outer, "savepoint t", "insert into thing values (2)", "rollback to t", "commit");

            assertThat(Sql.ids(outer)).containsExactly("1");
            assertThat(Sql.list(outer, "select id from audit")).containsExactly("1");
        }
    }

    @Test
    void case07ConnectionThatIsClosedWhileAnotherRunsLeavesNothing(Postgres postgres) throws SQLException {
        try (Connection inner = postgres.connection()) {
            Sql.run(inner, Sql.TABLE, Sql.AUDIT);
            Connection outer = postgres.connection();
            Sql.run(outer, "begin", "insert into thing values (1)");
            assertThat(Sql.list(inner, "select id from audit")).isEmpty();
            outer.close();
            assertThat(Sql.ids(inner)).isEmpty();

            Connection parked = postgres.connection();
            Sql.run(parked, "begin");
            Sql.run(inner, "insert into audit values (1)");
            parked.close();
            assertThat(Sql.list(inner, "select id from audit")).containsExactly("1");
        }
    }

    @Test
    void case07OtherThreadsWaitForAllOfIt(Postgres postgres) throws Exception {
        var worker = Executors.newSingleThreadExecutor();
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection();
                Connection other = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "begin", "insert into thing values (1)");
            Sql.run(inner, "insert into audit values (1)");
            var thread = new CompletableFuture<Thread>();
            var ids = worker.submit(() -> {
                thread.complete(Thread.currentThread());
                return Sql.ids(other);
            });
            Awaitility.await().until(() -> thread.join().getState() == Thread.State.TIMED_WAITING);
            Sql.run(inner, "insert into audit values (2)");
            assertThat(ids.isDone()).isFalse();
            Sql.run(outer, "commit");

            assertThat(ids.get(5, TimeUnit.SECONDS)).containsExactly("1");
        } finally {
            worker.shutdownNow();
        }
    }
}
