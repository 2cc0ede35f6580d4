package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.platform.testkit.engine.EventConditions.event;
import static org.junit.platform.testkit.engine.EventConditions.finishedWithFailure;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.instanceOf;
import static org.junit.platform.testkit.engine.TestExecutionResultConditions.message;

import dev.isolated.error.IsolationException;
import dev.isolated.error.SettingsException;
import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An annotation chooses the mode in which a test has its Postgres. */
class ModesTest {

    private static final String TWO =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()" + " AND usename = current_user";

    @Test
    void aParameterAMethodAndAClassChooseDatabaseIsolation() {
        Runs.run(OnParameterTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(3).succeeded(3));
        Runs.run(OnClassTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(2).succeeded(2));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class OnParameterTestCase {

        @Test
        void inDatabase(@Isolated(mode = "DATABASE") Postgres postgres) throws SQLException {
            assertCommits(postgres);
        }

        @Test
        @Isolated(mode = "DATABASE")
        void byItsMethod(Postgres postgres) throws SQLException {
            assertCommits(postgres);
        }

        @Test
        void inTransaction(Postgres postgres) {
            assertThatThrownBy(postgres::host)
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("found TRANSACTION")
                    .hasMessageContaining("ask for @Isolated(mode = \"DATABASE\")");
        }
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    @Isolated(mode = "DATABASE")
    static class OnClassTestCase {

        @RepeatedTest(2)
        void inDatabase(Postgres postgres) throws SQLException {
            assertCommits(postgres);
        }
    }

    @Test
    void case36ClassPreparesADatabaseFromWhichEachOfItsTestsStarts() {
        Runs.run(PreparedTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(3).succeeded(3));
    }

    @SharedEnvironment(rewind = true)
    @Isolated(mode = "DATABASE")
    static class PreparedTestCase {

        @BeforeAll
        static void prepare(Postgres postgres) throws SQLException {
            try (Connection connection = postgres.connection()) {
                execute(connection, "CREATE TABLE items (item int PRIMARY KEY)");
                execute(connection, "INSERT INTO items VALUES (1)");
            }
        }

        @RepeatedTest(3)
        void addsOne(Postgres postgres) throws SQLException {
            try (Connection connection = postgres.connection()) {
                assertThat(one(connection, "SELECT count(*) FROM items")).isEqualTo("1");
                execute(connection, "INSERT INTO items VALUES (2)");
            }
        }
    }

    @Test
    void aSchemaCanBeChosenToo() {
        Runs.run(InSchemaTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(2).succeeded(2));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class InSchemaTestCase {

        @RepeatedTest(2)
        void inSchema(@Isolated(mode = "SCHEMA") Postgres postgres) throws SQLException {
            try (Connection connection = postgres.connection()) {
                execute(connection, "CREATE TABLE items (item int)");
                assertThat(one(connection, "SELECT current_schema()")).startsWith("isolated_");
            }
        }
    }

    @Test
    void anUnknownModeIsRefusedWithThoseThatThereAre() {
        Runs.run(UnknownTestCase.class)
                .testEvents()
                .assertThatEvents()
                .haveExactly(
                        1,
                        event(finishedWithFailure(
                                instanceOf(SettingsException.class),
                                message(it -> it.contains("TRANSACTION, DATABASE, SCHEMA")
                                        && it.contains("found DATABSE")))));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class UnknownTestCase {

        @Test
        void misspelt(@Isolated(mode = "DATABSE") Postgres postgres) {
            throw new AssertionError("never reached with " + postgres);
        }
    }

    /** Two connections see each other's commits, and one may come from code that knows nothing of this library. */
    private static void assertCommits(Postgres postgres) throws SQLException {
        try (Connection first = postgres.connection();
                Connection second = DriverManager.getConnection(
                        postgres.jdbcUrl(), postgres.user(), postgres.password().reveal())) {
            execute(first, "CREATE TABLE items (item int)");
            first.setAutoCommit(false);
            execute(first, "INSERT INTO items VALUES (1)");
            assertThat(one(second, "SELECT count(*) FROM items")).isEqualTo("0");
            first.commit();
            assertThat(one(second, "SELECT count(*) FROM items")).isEqualTo("1");
            assertThat(one(second, TWO)).isEqualTo("2");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String one(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }
}
