package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.isolated.application.Application;
import dev.isolated.contract.OwnThread;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import dev.isolated.error.SettingsException;
import dev.isolated.spi.Evidence;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Between the tests of a class the sandbox goes back to what the class has prepared. */
class RewindTest {

    private final IsolatedEnvironment environment = Sandboxes.open("ClassTest");
    private final Postgres postgres = environment.get(Postgres.class);
    private Connection connection;

    @BeforeEach
    void prepare() throws SQLException {
        connection = Application.open(postgres.dataSource());
        Sql.run(connection, Sql.TABLE, "insert into thing values (1, 'prepared')");
    }

    @AfterEach
    void end() throws SQLException {
        connection.close();
        environment.close();
    }

    @Test
    void case36WhatATestDoesIsUndoneAndWhatWasPreparedStays() throws SQLException {
        environment.mark();
        for (int test = 1; test <= 3; test++) {
            assertThat(Sql.ids(connection)).containsExactly("1");
            Sql.run(connection, "insert into thing values (2)", "update thing set name = 'changed'");
            Sql.run(connection, "create table other (id int)");
            connection.setAutoCommit(false);
            Sql.run(connection, "delete from thing where id = 1");
            connection.commit();
            Sql.run(connection, "insert into thing values (3)");
            connection.rollback();
            connection.setAutoCommit(true);
            assertThat(Sql.ids(connection)).containsExactly("2");

            environment.rewind("ClassTest.test" + test);
        }
        assertThat(Sql.list(connection, "select name from thing")).containsExactly("prepared");
        assertThat(Sql.state(() -> Sql.run(connection, "select from other"))).isEqualTo("42P01");
        assertThat(Sql.ids(connection)).containsExactly("1");
    }

    @Test
    void case36NothingPreparedAndNothingDoneCanBeRewoundToo() throws SQLException {
        try (IsolatedEnvironment empty = Sandboxes.open("EmptyTest")) {
            empty.mark();
            empty.rewind("EmptyTest.first");
            try (Connection used = empty.get(Postgres.class).connection()) {
                Sql.run(used, Sql.TABLE);
            }
            empty.rewind("EmptyTest.second");
            try (Connection used = empty.get(Postgres.class).connection()) {
                assertThat(Sql.state(() -> Sql.ids(used))).isEqualTo("42P01");
            }
        }
    }

    @Test
    void case36PreparationThatFailedOrWasRolledBackIsNoPartOfWhatTestsStartFrom() throws SQLException {
        assertThat(Sql.state(() -> Sql.run(connection, "insert into thing values (1)")))
                .isEqualTo("23505");
        environment.mark();
        environment.rewind("ClassTest.first");
        assertThat(Sql.ids(connection)).containsExactly("1");
        try (IsolatedEnvironment other = Sandboxes.open("OtherTest");
                Connection first = other.get(Postgres.class).connection()) {
            first.setAutoCommit(false);
            Sql.run(first, Sql.TABLE);
            first.rollback();
            first.setAutoCommit(true);
            other.mark();
            Sql.run(first, Sql.TABLE);
            other.rewind("OtherTest.first");
            assertThat(Sql.state(() -> Sql.ids(first))).isEqualTo("42P01");
        }
    }

    @Test
    void case36AFailureOfOneTestIsUndoneLikeAnythingElse() throws SQLException {
        environment.mark();
        assertThat(Sql.state(() -> Sql.run(connection, "insert into thing values (1)")))
                .isEqualTo("23505");
        environment.rewind("ClassTest.first");
        assertThat(Sql.ids(connection)).containsExactly("1");
        assertThat(Sql.state(() -> Sql.run(connection, "nonsense"))).isEqualTo("42601");
        Sql.run(connection, "insert into thing values (2)");
        environment.rewind("ClassTest.second");
        assertThat(Sql.ids(connection)).containsExactly("1");
    }

    @Test
    void case36APoolThatTheClassHasOpenedStaysUsable() throws SQLException {
        var config = new HikariConfig();
        config.setDataSource(postgres.dataSource());
        config.setMaximumPoolSize(2);
        try (var pool = new HikariDataSource(config)) {
            environment.mark();
            for (int test = 1; test <= 3; test++) {
                try (Connection pooled = pool.getConnection();
                        Connection another = pool.getConnection();
                        PreparedStatement insert = pooled.prepareStatement("insert into thing values (?)")) {
                    for (int id = 10; id < 20; id++) { // often enough for the driver to prepare it on the server
                        insert.setInt(1, id);
                        insert.executeUpdate();
                    }
                    assertThat(Sql.ids(another)).hasSize(11);
                }
                environment.rewind("ClassTest.test" + test);
                assertThat(Sql.ids(connection)).containsExactly("1");
            }
        }
    }

    @Test
    void case36StatementsPreparedOnTheServerBeforeStayPrepared() throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("select name from thing where id = ?")) {
            for (int test = 0; test < 4; test++) {
                for (int i = 0; i < 4; i++) {
                    select.setInt(1, 1);
                    try (var rows = select.executeQuery()) {
                        assertThat(rows.next()).isTrue();
                    }
                }
                if (test == 0) {
                    environment.mark();
                } else {
                    Sql.run(connection, "delete from thing");
                    environment.rewind("ClassTest.test" + test);
                }
            }
        }
    }

    @Test
    void case36WhatATestLeavesToTheSessionIsUndoneAndWhatTheClassHasSetStays() throws SQLException {
        Sql.run(
                connection,
                "set search_path = public, pg_temp",
                "prepare kept as select 1",
                "select pg_advisory_lock(-7)");
        Sql.run(connection, "select pg_advisory_lock_shared(-1, 2)", "create sequence numbers");
        environment.mark();
        Sql.run(connection, "set search_path = pg_temp", "prepare gone as select 1", "select pg_advisory_lock(5)");
        Sql.run(connection, "select pg_advisory_unlock(-7)", "select nextval('public.numbers')", "set role none");
        environment.rewind("ClassTest.first");

        assertThat(Sql.one(connection, "show search_path")).isEqualTo("public, pg_temp");
        assertThat(Sql.list(connection, "select name from pg_prepared_statements where name in ('kept', 'gone')"))
                .containsExactly("kept");
        assertThat(Sql.list(
                        connection,
                        "select classid::int8 || ' ' || objid::int8 || ' ' || mode from pg_locks"
                                + " where locktype = 'advisory' and pid = pg_backend_pid() order by 1"))
                .containsExactly("4294967295 2 ShareLock", "4294967295 4294967289 ExclusiveLock");
        assertThat(Sql.state(() -> Sql.run(connection, "select lastval()"))).isEqualTo("55000");
    }

    /** Where one remembers what it has set is another's place, when the first has been closed. */
    @Test
    void case36AConnectionDoesNotComeToAnothersParametersByARewind() throws SQLException {
        try (Connection closed = postgres.dataSource().getConnection()) {
            Sql.run(closed, "set search_path = closed");
            assertThat(Sql.one(connection, "show search_path")).doesNotContain("closed");
        }
        try (Connection stays = postgres.dataSource().getConnection()) {
            environment.mark();
            Sql.run(stays, "set search_path = stays");
            assertThat(Sql.one(connection, "show search_path")).doesNotContain("stays");
            environment.rewind("ClassTest.first");

            assertThat(Sql.one(stays, "show search_path")).isEqualTo(Sql.one(connection, "show search_path"));
        }
    }

    @Test
    void case36ATransactionThatATestLeavesOpenIsRolledBackAndReported() throws SQLException {
        try (Environments strict = Sandboxes.environments(Map.of("isolated.leaks", "fail"));
                IsolatedEnvironment shared = Sandboxes.open(strict, "StrictTest");
                Connection open = Application.open(shared.get(Postgres.class).dataSource())) {
            Sql.run(open, Sql.TABLE);
            shared.mark();
            open.setAutoCommit(false);
            Sql.run(open, "insert into thing values (2)");

            assertThatThrownBy(() -> shared.rewind("StrictTest.forgets"))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("end StrictTest.forgets cleanly")
                    .hasMessageContaining("a transaction, rolled back, on a connection opened")
                    .hasMessageContaining("Application.open");

            assertThatThrownBy(() -> Sql.run(open, "insert into thing values (3)"))
                    .as("it would not be in the transaction that the driver believes to have open")
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            it -> assertThat(it.getSQLState()).isEqualTo("40000"))
                    .hasMessageContaining("was rolled back when the test that had it open ended");
            assertThat(Sql.ids(open)).isEmpty();
            open.rollback();
        }
    }

    @Test
    void case36TransactionsThatATestLeavesSuspendedAreRolledBackToo() throws SQLException {
        environment.mark();
        try (Connection outer = Application.open(postgres.dataSource());
                Connection inner = Application.open(postgres.dataSource())) {
            outer.setAutoCommit(false);
            Sql.run(outer, "create table mine (id int)", "insert into mine values (2)");
            outer.commit();
            Sql.run(outer, "insert into mine values (3)");
            inner.setAutoCommit(false);
            Sql.run(inner, "insert into thing values (4)");

            environment.rewind("ClassTest.forgetsBoth");

            assertThat(Sql.state(() -> Sql.run(outer, "select 1"))).isEqualTo("40000");
            assertThat(Sql.state(() -> Sql.run(inner, "select 1"))).isEqualTo("40000");
            assertThat(Sql.ids(inner)).containsExactly("1");
            inner.commit();
            assertThat(Sql.state(() -> Sql.run(outer, "select from mine"))).isEqualTo("42P01");
            outer.rollback();
        }
    }

    @Test
    void case36AnOuterTransactionThatHasOnlyReadStillMakesRoomAboveTheMark() throws SQLException {
        environment.mark();
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, "insert into thing values (2)");
            outer.setAutoCommit(false);
            assertThat(Sql.ids(outer)).containsExactly("1", "2");
            Sql.run(inner, "insert into thing values (3)");
            assertThat(Sql.ids(outer)).containsExactly("1", "2", "3");
            outer.rollback();
            assertThat(Sql.ids(inner)).containsExactly("1", "2", "3");
        }
        environment.rewind("ClassTest.overlaps");
        assertThat(Sql.ids(connection)).containsExactly("1");
    }

    @Test
    void case36AStatementThatStillRunsIsCancelledAfterTheGrace() throws Exception {
        environment.mark();
        var state = OwnThread.supply(() -> Sql.state(() -> Sql.run(connection, "select pg_sleep(20)")));
        Sql.awaitSleep(postgres);

        environment.rewind("ClassTest.sleeps");

        assertThat(state.get(5, TimeUnit.SECONDS)).isEqualTo("57014");
        assertThat(Sql.ids(connection)).containsExactly("1");
    }

    @Test
    void case36APreparationThatIsNotCommittedIsRefused() throws SQLException {
        connection.setAutoCommit(false);
        Sql.run(connection, "insert into thing values (2)");

        assertThatThrownBy(environment::mark)
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(
                        "Could not make what was prepared for ClassTest what each of its tests starts from:"
                                + " expected that every transaction in it was committed or rolled back, but found one that is"
                                + " open, on a connection opened")
                .hasMessageContaining("Application.open")
                .hasMessageEndingWith("What to do: end it in @BeforeAll, where it was begun.");

        connection.commit();
        environment.mark();
        environment.rewind("ClassTest.first");
        assertThat(Sql.ids(connection)).containsExactly("1", "2");
        connection.commit();
    }

    @Test
    void case36ALostConnectionFailsTheTestAfterWhichItIsMissed() throws SQLException {
        IsolatedEnvironment unlucky = Sandboxes.open("UnluckyTest");
        try (Connection used = unlucky.get(Postgres.class).connection();
                Connection bare = Sandboxes.bare(unlucky.get(Postgres.class))) {
            Sql.run(used, Sql.TABLE);
            unlucky.mark();
            Sql.run(bare, "select pg_terminate_backend(" + Sql.one(used, "select pg_backend_pid()") + ", 5000)");

            assertThatThrownBy(() -> unlucky.rewind("UnluckyTest.first"))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("Could not undo what a test did in database isolated_")
                    .hasMessageContaining("terminating connection");
        }
        assertThatThrownBy(unlucky::close).hasMessageContaining("roll back what UnluckyTest did");
    }

    @Test
    void case36EvidenceOfATestShowsItsOwnRowsAndNotThoseOfTheClass() throws SQLException {
        environment.mark();
        Sql.run(connection, "insert into thing values (2)");
        environment.rewind("ClassTest.first");
        assertThat(rowsOfThing()).isEqualTo("none that is still there");

        Sql.run(connection, "insert into thing values (3)");
        connection.setAutoCommit(false);
        Sql.run(connection, "insert into thing values (4)");

        assertThat(rowsOfThing()).isEqualTo("state | id | name\ncommitted | 3 | null\nuncommitted | 4 | null");
        connection.rollback();
    }

    private String rowsOfThing() {
        return environment.evidence().stream()
                .filter(it -> it.title().endsWith("rows written to public.thing"))
                .map(Evidence::text)
                .findFirst()
                .orElse("none that is still there");
    }
}
