package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.application.Application;
import dev.isolated.contract.Captured;
import dev.isolated.contract.OwnThread;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Request;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A test with a database of its own: everything works in it that does in production, and its end is the end. */
class DatabaseTest {

    private static Databases databases;

    @BeforeAll
    static void open() {
        databases = Databases.in(
                PostgresService.DATABASE, Map.of("isolated.leaks", "fail", "isolated.postgres.connections", "3"));
    }

    @AfterAll
    static void close() {
        databases.close();
    }

    @Test
    void case13WhatNoSandboxCanDoWorks() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("free")) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection one = postgres.connection();
                    Connection two = postgres.connection()) {
                Sql.run(one, Sql.TABLE, "vacuum thing", "create index concurrently on thing (name)", "listen news");
                one.setAutoCommit(false);
                one.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
                two.setAutoCommit(false);
                Sql.run(one, "insert into thing values (1)");
                Sql.run(two, "insert into thing values (2)");
                assertThat(Sql.ids(two)).containsExactly("2");
                one.commit();
                assertThat(Sql.ids(two)).containsExactly("1", "2");
                two.rollback();
            }
        }
    }

    @Test
    void foreignClientsFindTheTestsDataByHostAndPort() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("foreign")) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection connection = postgres.connection()) {
                Sql.run(connection, Sql.TABLE, "insert into thing values (1)");
            }
            String url = "jdbc:postgresql://" + postgres.host() + ":" + postgres.port() + "/" + postgres.database();
            try (Connection byParts = DriverManager.getConnection(
                            url, postgres.user(), postgres.password().reveal());
                    Connection byUrl = Databases.foreign(postgres)) {
                assertThat(Sql.ids(byParts)).containsExactly("1");
                assertThat(Sql.ids(byUrl)).containsExactly("1");
            }
        }
        try (IsolatedEnvironment sandbox =
                databases.environments().open("sandboxed", List.of(Request.of(Postgres.class)))) {
            assertThatThrownBy(sandbox.get(Postgres.class)::port)
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("Could not tell sandboxed the port of its Postgres")
                    .hasMessageContaining("found TRANSACTION")
                    .hasMessageContaining("@Isolated(mode = \"DATABASE\")");
        }
    }

    @Test
    void case21LateUserIsToldWhichTestHasEnded() throws SQLException {
        IsolatedEnvironment environment = databases.open("tidy");
        Postgres postgres = environment.get(Postgres.class);
        DataSource dataSource = postgres.dataSource();
        Connection closed = postgres.connection();
        closed.close();
        environment.close();

        String expected = "Could not use a handle that belonged to tidy";
        assertThatThrownBy(dataSource::getConnection)
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(expected);
        assertThatThrownBy(postgres::host).hasMessageContaining(expected);
        assertThatThrownBy(closed::createStatement).hasMessageContaining(expected);
    }

    @Test
    void case27WhatIsLeftOpenFailsTheTestWhereThatIsWanted() throws SQLException {
        IsolatedEnvironment environment = databases.open("leaky");
        Connection connection = Application.open(environment.get(Postgres.class).dataSource());
        Statement statement = Application.statement(connection);
        statement.executeQuery("select 1");

        assertThatThrownBy(environment::close)
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("a connection opened\n\tat " + Application.class.getName())
                .hasMessageContaining("a statement with its result opened\n\tat " + Application.class.getName());
        assertThatThrownBy(() -> Sql.ids(connection)).hasMessageContaining("leaky");
        assertThatThrownBy(() -> statement.executeQuery("select 1")).isInstanceOf(SQLException.class);
        databases.awaitRest();
    }

    @Test
    void case21RunningStatementEndsWithItsTest() throws Exception {
        IsolatedEnvironment environment = databases.open("sleeper");
        Postgres postgres = environment.get(Postgres.class);
        Connection connection = postgres.connection();
        var state = OwnThread.supply(() -> Sql.state(() -> Sql.run(connection, "select pg_sleep(20)")));
        try (Connection observer = Databases.foreign(postgres)) {
            Sql.awaitSleep(observer);
        }

        assertThatThrownBy(environment::close).hasMessageContaining("a connection opened");
        assertThat(state.get(5, TimeUnit.SECONDS)).isEqualTo("08006");
        databases.awaitRest();
    }

    @Test
    void case31SessionsOfForeignClientsAreReportedAndEnded() throws SQLException {
        try (var log = new Captured("dev.isolated.postgres")) {
            IsolatedEnvironment environment = databases.open("forgetful");
            Postgres postgres = environment.get(Postgres.class);
            Connection foreign = DriverManager.getConnection(
                    postgres.jdbcUrl() + "&ApplicationName=reporter",
                    postgres.user(),
                    postgres.password().reveal());
            Sql.run(foreign, Sql.TABLE);
            environment.close();
            databases.awaitRest();

            assertThat(Sql.state(() -> Sql.ids(foreign))).isEqualTo("57P01");
            assertThat(log.lines(Level.WARNING))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("forgetful has left sessions open in database " + postgres.database())
                            .contains("(reporter, idle): create table thing"));
            foreign.close();
        }
    }

    @Test
    void case31CredentialsOfAnEndedTestLeadNowhere() throws SQLException {
        for (String deed : List.of("select 1", Sql.TABLE)) {
            IsolatedEnvironment environment = databases.open("ended");
            Postgres postgres = environment.get(Postgres.class);
            String url = postgres.jdbcUrl();
            try (Connection connection = postgres.connection()) {
                Sql.run(connection, deed);
            }
            environment.close();
            databases.awaitRest();

            try (IsolatedEnvironment next = databases.open("next")) {
                Postgres other = next.get(Postgres.class);
                String password = postgres.password().reveal();
                assertThat(Sql.state(() -> DriverManager.getConnection(url, postgres.user(), password)))
                        .isEqualTo("28P01");
                assertThat(Sql.state(() -> DriverManager.getConnection(other.jdbcUrl(), postgres.user(), password)))
                        .isEqualTo("28P01");
                assertThat(Sql.state(() -> DriverManager.getConnection(other.jdbcUrl(), other.user(), password)))
                        .isEqualTo("28P01");
            }
        }
    }

    @Test
    void case34OneConnectionMoreThanAllowedIsExplained() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("greedy")) {
            Postgres postgres = environment.get(Postgres.class);
            var opened = new ArrayList<Connection>();
            for (int i = 0; i < 3; i++) {
                opened.add(postgres.connection());
            }
            assertThatThrownBy(postgres::connection)
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("Could not open one more connection of greedy")
                    .hasMessageContaining("at most 3 at the same time, of which this data source has opened 3")
                    .hasMessageContaining("too many connections for role")
                    .hasMessageContaining("raise isolated.postgres.connections")
                    .extracting(failure -> ((SQLException) failure).getSQLState())
                    .isEqualTo("53300");
            for (Connection each : opened) {
                each.close();
            }
        }
    }

    @Test
    void aTestThatDestroysItsDatabaseHurtsOnlyItself() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("vandal")) {
            try (Connection connection = environment.get(Postgres.class).connection()) {
                String own = "select nspname from pg_namespace where pg_has_role(nspowner, 'usage')";
                for (String schema : Sql.list(connection, own)) {
                    Sql.run(connection, "drop schema " + schema + " cascade");
                }
                Sql.run(connection, "drop owned by current_user cascade");
            }
            assertThatCode(environment::close).doesNotThrowAnyException();
        }
        databases.awaitRest();
        try (IsolatedEnvironment next = databases.open("next");
                Connection connection = next.get(Postgres.class).connection()) {
            Sql.run(connection, Sql.TABLE);
        }
    }
}
