package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.application.Application;
import dev.isolated.contract.OwnThread;
import dev.isolated.embedded.Signal;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import dev.isolated.error.LeaseEndedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

class EndTest {

    private static final String TABLES = "select tablename from pg_tables where schemaname = current_schema()";

    @Test
    void case21LateUserIsToldWhichTestHasEnded() throws SQLException {
        IsolatedEnvironment environment = Sandboxes.open("Shop.buys");
        Postgres postgres = environment.get(Postgres.class);
        DataSource dataSource = postgres.dataSource();
        String url = postgres.jdbcUrl();
        Connection idle = postgres.connection();
        Connection inTransaction = postgres.connection();
        Sql.run(idle, Sql.TABLE);
        inTransaction.setAutoCommit(false);
        Sql.run(inTransaction, "insert into thing values (1)");
        environment.close();

        String expected = "Could not use a handle that belonged to Shop.buys";
        assertThatThrownBy(() -> Sql.ids(idle)).hasMessageContaining(expected);
        assertThatThrownBy(() -> Sql.ids(idle)).hasMessageContaining(expected);
        assertThatThrownBy(() -> Sql.ids(inTransaction)).hasMessageContaining(expected);
        assertThatThrownBy(dataSource::getConnection)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(expected);
        assertThatThrownBy(() -> DriverManager.getConnection(
                        url, postgres.user(), postgres.password().reveal()))
                .hasMessageContaining(expected);
        assertThatThrownBy(postgres::connection)
                .isInstanceOf(LeaseEndedException.class)
                .hasMessageContaining(expected);
        idle.close();
        inTransaction.close();
    }

    /** They go on while it ends, and whatever they still try is theirs. */
    @Test
    void case21ThreadsThatWriteWhileTheirTestEndsReachNobody() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Environments one = Sandboxes.environments(Map.of("isolated.environments.max", "1"))) {
            for (int i = 0; i < 200; i++) {
                String name = "Shop.ends" + i;
                IsolatedEnvironment environment = Sandboxes.open(one, name);
                Postgres postgres = environment.get(Postgres.class);
                try (Connection connection = postgres.connection()) {
                    assertThat(Sql.list(connection, TABLES)).as(name).isEmpty();
                    Sql.run(connection, "create table late (tag text)");
                }
                var begun = new CountDownLatch(3);
                List<CompletableFuture<Exception>> writers = Stream.of(true, false, false)
                        .map(autocommit -> CompletableFuture.supplyAsync(
                                () -> writesUntilItFails(postgres, autocommit, begun), threads))
                        .toList();
                begun.await();
                environment.close();
                for (CompletableFuture<Exception> writer : writers) {
                    assertThat(writer.get(30, TimeUnit.SECONDS)).as(name).hasMessageContaining(name);
                }
            }
        } finally {
            threads.shutdown();
        }
    }

    /** In autocommit, or in one transaction after the other. */
    private static Exception writesUntilItFails(Postgres postgres, boolean autocommit, CountDownLatch begun) {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(autocommit);
            statement.execute("insert into late values ('first')");
            begun.countDown();
            while (true) {
                if (!autocommit) {
                    connection.commit();
                }
                statement.execute("insert into late values ('late')");
            }
        } catch (SQLException e) {
            return e;
        }
    }

    @Test
    void case21LateUserNeverReachesTheNextTest() throws SQLException {
        IsolatedEnvironment first = Sandboxes.open("first");
        Connection late = first.get(Postgres.class).connection();
        late.setAutoCommit(false);
        Sql.run(late, Sql.TABLE);
        first.close();
        try (IsolatedEnvironment second = Sandboxes.open("second");
                Connection connection = second.get(Postgres.class).connection()) {
            Sql.run(connection, Sql.TABLE);
            assertThatThrownBy(() -> Sql.run(late, "insert into thing values (1)"))
                    .hasMessageContaining("first");
            late.close();

            assertThat(Sql.ids(connection)).isEmpty();
        }
    }

    @Test
    void case21RunningStatementIsCancelledAfterTheGrace() throws Exception {
        IsolatedEnvironment environment = Sandboxes.open("sleeper");
        Postgres postgres = environment.get(Postgres.class);
        Connection connection = postgres.connection();
        var state = OwnThread.supply(() -> Sql.state(() -> Sql.run(connection, "select pg_sleep(20)")));
        Sql.awaitSleep(postgres);

        assertThatCode(environment::close).doesNotThrowAnyException();
        assertThat(state.get(5, TimeUnit.SECONDS)).isEqualTo("57014");
        assertNextLeaseWorks();
    }

    /** A server that has not read the statement yet takes no note of its cancel. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void case21StatementThatTheServerReadsAfterItsCancelIsCancelledAgain() throws Exception {
        IsolatedEnvironment environment = Sandboxes.open("overtaken");
        Connection connection = environment.get(Postgres.class).connection();
        try (var server = StoppedBackend.inTransaction(connection)) {
            var sleeper = new Thread(() -> Sql.state(() -> Sql.run(connection, "select pg_sleep(60)")));
            sleeper.start();
            Awaitility.await().until(() -> awaitsServer(sleeper));
            var end = OwnThread.run(environment::close);
            server.goOnOnceCancelled();

            assertThat(end).succeedsWithin(Duration.ofSeconds(10));
            sleeper.join();
        }
        assertNextLeaseWorks();
    }

    private static boolean awaitsServer(Thread thread) {
        return Stream.of(thread.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(PhysicalConnection.class.getName())
                        && frame.getMethodName().equals("next"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void case20StatementThatIsGivenUpBeforeTheServerReadsItIsCancelledAgain() throws Exception {
        try (IsolatedEnvironment environment = Sandboxes.open("hasty")) {
            Postgres postgres = environment.get(Postgres.class);
            Connection hasty = postgres.connection();
            hasty.setNetworkTimeout(Runnable::run, 100);
            try (var server = StoppedBackend.inTransaction(hasty)) {
                var cancelled = OwnThread.run(server::goOnOnceCancelled);

                assertThat(Sql.state(() -> Sql.run(hasty, "select pg_sleep(60)")))
                        .isEqualTo("08006");
                cancelled.join();
            }
            try (Connection other = postgres.connection()) {
                Sql.run(other, Sql.TABLE);
                assertThat(Sql.ids(other)).isEmpty();
            }
        }
    }

    @Test
    void case21ExchangeThatNobodyFinishesIsEnded() throws SQLException {
        IsolatedEnvironment environment = Sandboxes.open("copier");
        Connection connection = environment.get(Postgres.class).connection();
        Sql.run(connection, Sql.TABLE);
        connection.unwrap(PGConnection.class).getCopyAPI().copyIn("copy thing from stdin");

        assertThatCode(environment::close).doesNotThrowAnyException();
        assertNextLeaseWorks();
    }

    @Test
    void case21InterruptedTestEndsCleanly() throws SQLException {
        IsolatedEnvironment environment = Sandboxes.open("interrupted");
        Connection connection = environment.get(Postgres.class).connection();
        Sql.run(connection, Sql.TABLE);
        Thread.currentThread().interrupt();
        try {
            connection.close();
            assertThatCode(environment::close).doesNotThrowAnyException();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertNextLeaseWorks();
    }

    @Test
    void case23ConnectionThatTheServerEndsFailsTheTestWithThatReason() throws SQLException {
        IsolatedEnvironment environment = Sandboxes.open("terminated");
        Postgres postgres = environment.get(Postgres.class);
        Connection connection = postgres.connection();
        Sql.run(connection, Sql.TABLE);
        terminate(postgres, connection);

        assertThat(Sql.state(() -> Sql.ids(connection))).isIn("57P01", "08006");
        assertThatThrownBy(() -> Sql.ids(postgres.connection()))
                .hasMessageContaining("the connection beneath terminated is of no further use")
                .hasMessageContaining("terminating connection due to administrator command");
        assertThatThrownBy(environment::close)
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("terminated")
                .hasMessageContaining("terminating connection due to administrator command");
        assertNextLeaseWorks();
    }

    @Test
    void case23ConnectionLostBetweenTestsIsReplaced() throws SQLException {
        try (Environments environments = Sandboxes.environments(Map.of("isolated.environments.max", "1"))) {
            IsolatedEnvironment first = Sandboxes.open(environments, "first");
            Postgres postgres = first.get(Postgres.class);
            Connection bare = Sandboxes.bare(postgres);
            String backend;
            try (Connection connection = postgres.connection()) {
                backend = Sql.one(connection, "select pg_backend_pid()");
            }
            first.close();
            Sql.run(bare, "select pg_terminate_backend(" + backend + ", 5000)");
            bare.close();
            try (IsolatedEnvironment second = Sandboxes.open(environments, "second");
                    Connection connection = second.get(Postgres.class).connection()) {
                assertThat(Sql.one(connection, "select 1")).isEqualTo("1");
            }
        }
    }

    /** The server ends all of its sessions then, so it is one that nobody else uses. */
    @Test
    void case23KilledBackendFailsTheTestAndTheServerRecoversForTheNext(@TempDir Path directory) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        var alone = Map.of("isolated.embedded.directory", directory.toString(), "isolated.embedded.warm", "off");
        try (Environments environments = Sandboxes.environments(alone)) {
            IsolatedEnvironment environment = Sandboxes.open(environments, "killed");
            Connection connection = environment.get(Postgres.class).connection();
            Signal.send("KILL", Long.parseLong(Sql.one(connection, "select pg_backend_pid()")));

            assertThat(Sql.state(() -> Sql.run(connection, Sql.TABLE))).isEqualTo("08006");
            assertThatThrownBy(environment::close).hasMessageContaining("killed");
            Awaitility.await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
                try (IsolatedEnvironment next = Sandboxes.open(environments, "next");
                        Connection works = next.get(Postgres.class).connection()) {
                    assertThat(Sql.one(works, "select 1")).isEqualTo("1");
                }
            });
        }
        Awaitility.await().until(() -> hasNoServer(directory));
    }

    /** Looks no deeper than at the servers' own directories: what is in one goes while it is looked at. */
    private static boolean hasNoServer(Path directory) throws IOException {
        try (Stream<Path> users = Files.list(directory)) {
            return users.noneMatch(EndTest::hasServer);
        }
    }

    private static boolean hasServer(Path user) {
        try (Stream<Path> servers = Files.list(user)) {
            return servers.anyMatch(Files::isDirectory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void case27WhatIsLeftOpenFailsTheTestWhereThatIsWanted() throws SQLException {
        try (Environments environments = Sandboxes.environments(Map.of("isolated.leaks", "fail"))) {
            IsolatedEnvironment environment = Sandboxes.open(environments, "leaky");
            Connection connection =
                    Application.open(environment.get(Postgres.class).dataSource());
            Statement statement = Application.statement(connection);
            statement.executeQuery("select 1");
            PreparedStatement prepared = Application.prepare(connection);
            assertThat(prepared.isClosed()).isFalse();

            assertThatThrownBy(environment::close)
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("a connection opened\n\tat " + Application.class.getName())
                    .hasMessageContaining("a statement with its result opened\n\tat " + Application.class.getName())
                    .hasMessageContaining("a statement opened\n\tat ")
                    .hasMessageContaining("try-with-resources");
            IsolatedEnvironment tidy = Sandboxes.open(environments, "tidy");
            tidy.get(Postgres.class).connection().close();
            Connection aborted = tidy.get(Postgres.class).connection();
            aborted.createStatement();
            aborted.abort(Runnable::run);
            assertThatCode(tidy::close).doesNotThrowAnyException();
        }
    }

    @Test
    void case17SessionStateDoesNotReachTheNextTest() throws SQLException {
        try (Environments environments = Sandboxes.environments(Map.of("isolated.environments.max", "1"))) {
            try (IsolatedEnvironment first = Sandboxes.open(environments, "first");
                    Connection connection = first.get(Postgres.class).connection()) {
                Sql.run(connection, "select Set_Config('my.guc', 'x', false)", "prepare p as select 1");
                Sql.run(connection, "select pg_advisory_lock(42)", "create sequence s", "select nextval('s')");
            }
            try (IsolatedEnvironment second = Sandboxes.open(environments, "second");
                    Connection connection = second.get(Postgres.class).connection()) {
                assertThat(Sql.list(connection, "select current_setting('my.guc', true)"))
                        .containsOnlyNulls();
                assertThat(Sql.state(() -> Sql.run(connection, "execute p"))).isEqualTo("26000");
                assertThat(
                                Sql.list(
                                        connection,
                                        "select objid from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"))
                        .isEmpty();
                assertThat(Sql.state(() -> Sql.run(connection, "select lastval()")))
                        .isEqualTo("55000");
            }
        }
    }

    @Test
    void case12TransactionThatIsReallyEndedIsFoundOut() throws SQLException {
        IsolatedEnvironment environment = Sandboxes.open("escaping");
        try (Connection connection = Sandboxes.byUrl(environment.get(Postgres.class), "&preferQueryMode=simple")) {
            String setting = "begin; create table kept (i int); set standard_conforming_strings = off";
            Sql.run(connection, setting + "; select '\\', '; commit; begin; select 1 --'; commit");
        }

        assertThatThrownBy(environment::close).hasMessageContaining("has ended the sandbox's transaction with");
        assertNextLeaseWorks();
    }

    @Test
    void case21RoleIsNoSuperuserAndSeesOnlyItsOwnDatabase() throws SQLException {
        try (IsolatedEnvironment one = Sandboxes.open("one");
                IsolatedEnvironment two = Sandboxes.open("two");
                Connection connection = one.get(Postgres.class).connection()) {
            assertThat(
                            Sql.one(
                                    connection,
                                    "select rolsuper or rolcreaterole or rolcreatedb from pg_roles where rolname = current_user"))
                    .isEqualTo("f");
            assertThat(Sql.state(() -> Sql.run(connection, "copy (select 1) to program 'true'")))
                    .isEqualTo("42501");
            Login own = Sandboxes.login(one.get(Postgres.class));
            assertThat(Sql.state(() -> DriverManager.getConnection(
                            Sandboxes.url(two.get(Postgres.class)),
                            own.user(),
                            own.password().reveal())))
                    .isEqualTo("42501");
        }
    }

    private static void terminate(Postgres postgres, Connection connection) throws SQLException {
        String backend = Sql.one(connection, "select pg_backend_pid()");
        try (Connection bare = Sandboxes.bare(postgres)) {
            Sql.run(bare, "select pg_terminate_backend(" + backend + ", 5000)");
        }
    }

    private static void assertNextLeaseWorks() throws SQLException {
        for (int i = 0; i < 3; i++) {
            try (IsolatedEnvironment next = Sandboxes.open("next");
                    Connection connection = next.get(Postgres.class).connection()) {
                Sql.run(connection, Sql.TABLE);
                assertThat(Sql.ids(connection)).isEmpty();
            }
        }
    }
}
