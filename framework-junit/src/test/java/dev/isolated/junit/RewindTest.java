package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data is prepared once for a class, and each of its tests starts from it. */
class RewindTest {

    @Test
    void case36EachTestStartsFromWhatTheClassHasPrepared() {
        Runs.run(PreparedTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(8).succeeded(8));
    }

    @SharedEnvironment(rewind = true)
    static class PreparedTestCase {

        @Isolated
        private static Connection ofTheClass;

        @Isolated
        private Connection inField;

        PreparedTestCase(Postgres postgres) throws SQLException {
            assertThat(items(postgres)).containsExactly("prepared");
            insert(postgres, "constructor");
        }

        @BeforeAll
        static void prepare(Postgres postgres) throws SQLException {
            execute(ofTheClass, "CREATE TABLE items (item text PRIMARY KEY)");
            insert(postgres, "prepared");
        }

        @BeforeEach
        void before(@Isolated Connection connection) throws SQLException {
            execute(connection, "INSERT INTO items VALUES ('before')");
        }

        @RepeatedTest(2)
        void repeated(Postgres postgres) throws SQLException {
            adds(postgres);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void parameterized(int number, Postgres postgres) throws SQLException {
            adds(postgres);
        }

        @TestFactory
        Stream<DynamicTest> dynamicTestsShareOne(Postgres postgres) {
            return Stream.of(
                    DynamicTest.dynamicTest("first", () -> adds(postgres)),
                    DynamicTest.dynamicTest(
                            "second", () -> assertThat(items(postgres)).hasSize(4)));
        }

        private void adds(Postgres postgres) throws SQLException {
            assertThat(items(postgres)).containsExactly("before", "constructor", "prepared");
            execute(inField, "INSERT INTO items VALUES ('test')");
        }

        @AfterEach
        void after(Postgres postgres) throws SQLException {
            insert(postgres, "after");
        }

        @Nested
        class NestedTestCase {

            @BeforeEach
            void beforeNested(Postgres postgres) throws SQLException {
                insert(postgres, "nested");
            }

            @RepeatedTest(2)
            void startsFromItToo(Postgres postgres) throws SQLException {
                assertThat(items(postgres)).containsExactly("before", "constructor", "nested", "prepared");
            }
        }

        @AfterAll
        static void isAsItWasPrepared(Postgres postgres) throws SQLException {
            assertThat(items(postgres)).containsExactly("prepared");
            assertThat(ofTheClass.isValid(1)).isTrue();
        }
    }

    @Test
    void case36TheTestsOfOneClassRunOneAfterAnotherAndThoseOfTwoAtTheSameTime() {
        Runs.runConcurrently(TwoTestCase.class, Map.of("isolated.environments.max", "4"))
                .testEvents()
                .assertStatistics(it -> it.started(8).succeeded(8));
    }

    /** Two classes at the same time, each of which has its tests alone. */
    static class TwoTestCase {

        private static final CyclicBarrier BOTH = new CyclicBarrier(2);

        @Nested
        @SharedEnvironment(rewind = true)
        class OneTestCase extends AloneTestCase {}

        @Nested
        @SharedEnvironment(rewind = true)
        class OtherTestCase extends AloneTestCase {}
    }

    abstract static class AloneTestCase {

        @BeforeAll
        static void meets(Postgres postgres)
                throws SQLException, BrokenBarrierException, InterruptedException, TimeoutException {
            execute(postgres, "CREATE TABLE items (item text PRIMARY KEY)");
            TwoTestCase.BOTH.await(30, TimeUnit.SECONDS);
        }

        @RepeatedTest(4)
        void isAlone(Postgres postgres) throws SQLException {
            assertThat(items(postgres)).isEmpty();
            insert(postgres, "mine");
            assertThat(items(postgres)).containsExactly("mine");
        }
    }

    @Test
    void case36OneInstanceForAllTestsIsPreparedInItsConstructorAndBeforeAll() {
        Runs.run(PerClassTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(3).succeeded(3));
    }

    @SharedEnvironment(rewind = true)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PerClassTestCase {

        private final Postgres postgres;

        PerClassTestCase(Postgres postgres) throws SQLException {
            this.postgres = postgres;
            execute(postgres, "CREATE TABLE items (item text PRIMARY KEY)");
        }

        @BeforeAll
        void prepare() throws SQLException {
            insert(postgres, "prepared");
        }

        @RepeatedTest(3)
        void startsFromIt() throws SQLException {
            assertThat(items(postgres)).containsExactly("prepared");
            insert(postgres, "more");
        }
    }

    @Test
    void case36WhatIsPreparedMustBeCommitted() {
        var results = Runs.run(UncommittedTestCase.class);

        results.testEvents().assertStatistics(it -> it.started(2).failed(2));
        assertThat(Runs.failures(results))
                .filteredOn(
                        it -> it.startsWith("Could not make what was prepared for RewindTest.UncommittedTestCase what"
                                + " each of its tests starts from"))
                .hasSize(2);
    }

    @SharedEnvironment(rewind = true)
    static class UncommittedTestCase {

        @BeforeAll
        static void forgets(@Isolated Connection connection) throws SQLException {
            connection.setAutoCommit(false);
            execute(connection, "CREATE TABLE items (item text PRIMARY KEY)");
        }

        @RepeatedTest(2)
        void isNotReached() {}
    }

    @Test
    void case36ANestedClassCannotPrepareMoreInTheSameEnvironment() {
        var results = Runs.run(NestedPreparationTestCase.class);

        assertThat(Runs.failures(results))
                .singleElement()
                .asString()
                .contains(
                        "Could not run static void",
                        "prepareMore",
                        "but found a nested class that prepares more in the environment of the class around it",
                        "@SharedEnvironment(rewind = true) as well, or use @BeforeEach");
        results.testEvents().assertStatistics(it -> it.started(1).succeeded(1));
    }

    @SharedEnvironment(rewind = true)
    static class NestedPreparationTestCase {

        @Test
        void isFine() {}

        @Nested
        class MoreTestCase {

            @BeforeAll
            static void prepareMore() {}

            @Test
            void isNotReached() {}
        }
    }

    @Test
    void case36ANestedClassMayHaveAnEnvironmentOfItsOwn() {
        Runs.run(OwnTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(3).succeeded(3));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class OwnTestCase {

        @Test
        void isEmpty(Postgres postgres) throws SQLException {
            execute(postgres, "CREATE TABLE items (item text PRIMARY KEY)");
        }

        @Nested
        @SharedEnvironment(rewind = true)
        class MoreTestCase {

            @BeforeAll
            static void prepare(Postgres postgres) throws SQLException {
                execute(postgres, "CREATE TABLE items (item text PRIMARY KEY)");
            }

            @RepeatedTest(2)
            void startsFromIt(Postgres postgres) throws SQLException {
                insert(postgres, "mine");
            }
        }
    }

    @Test
    void case36WhatOneTestLeavesOpenFailsThatTestWhereTheSettingsSaySo() {
        var results = Runs.run(ForgetfulTestCase.class, Map.of("isolated.leaks", "fail"));

        results.testEvents().assertStatistics(it -> it.started(2).failed(1).succeeded(1));
        assertThat(Runs.failures(results))
                .anyMatch(it -> it.contains("Could not end RewindTest.ForgetfulTestCase.forgets cleanly")
                        && it.contains("a transaction, rolled back, on a connection opened"));
    }

    @SharedEnvironment(rewind = true)
    static class ForgetfulTestCase {

        private static final List<Connection> OPEN = new ArrayList<>();

        @Test
        void forgets(Postgres postgres) throws SQLException {
            Connection connection = postgres.connection();
            OPEN.add(connection);
            connection.setAutoCommit(false);
            execute(connection, "CREATE TABLE items (item text PRIMARY KEY)");
        }

        @Test
        void doesNot(Postgres postgres) throws SQLException {
            execute(postgres, "CREATE TABLE items (item text PRIMARY KEY)");
        }

        @AfterAll
        static void closes() throws SQLException {
            for (Connection connection : OPEN) {
                connection.close();
            }
        }
    }

    private static void insert(Postgres postgres, String item) throws SQLException {
        execute(postgres, "INSERT INTO items VALUES ('" + item + "')");
    }

    private static void execute(Postgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connection()) {
            execute(connection, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> items(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT item FROM items ORDER BY item")) {
            var items = new ArrayList<String>();
            while (rows.next()) {
                items.add(rows.getString(1));
            }
            return items;
        }
    }
}
