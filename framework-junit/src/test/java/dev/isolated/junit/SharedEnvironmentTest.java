package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.SettingsException;
import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/** One environment for a class. */
class SharedEnvironmentTest {

    @Test
    void allTestsOfTheClassAndItsNestedOnesSeeTheSameData() {
        Runs.run(SharingTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(3).succeeded(3));
    }

    @SharedEnvironment
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class SharingTestCase {

        @Isolated
        private static DataSource inStaticField;

        @Isolated
        private Postgres inField;

        @BeforeAll
        static void prepare(Postgres postgres) throws SQLException {
            execute(postgres.dataSource(), "CREATE TABLE steps (step integer PRIMARY KEY)");
        }

        @Test
        @Order(1)
        void first(Postgres postgres) throws SQLException {
            assertThat(execute(postgres.dataSource(), "INSERT INTO steps VALUES (1)"))
                    .isEqualTo(1);
        }

        @Test
        @Order(2)
        void second() throws SQLException {
            assertThat(execute(inField.dataSource(), "UPDATE steps SET step = 2"))
                    .isEqualTo(1);
        }

        @Nested
        class NestedTestCase {

            @Test
            void third(Postgres postgres) throws SQLException {
                assertThat(postgres).isSameAs(inField);
                assertThat(execute(inStaticField, "DELETE FROM steps WHERE step = 2"))
                        .isEqualTo(1);
            }
        }

        @AfterAll
        static void isStillOpen(@Isolated DataSource dataSource) throws SQLException {
            assertThat(execute(dataSource, "DELETE FROM steps")).isZero();
        }
    }

    @Test
    void oneInstanceForAllTestsMayTakeItInItsConstructor() {
        Runs.run(PerClassTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(2).succeeded(2));
    }

    @SharedEnvironment
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PerClassTestCase {

        private final Postgres postgres;

        PerClassTestCase(Postgres postgres) {
            this.postgres = postgres;
        }

        @Test
        void one(Postgres same) {
            assertThat(same).isSameAs(postgres);
        }

        @Test
        void other(Postgres same) {
            assertThat(same).isSameAs(postgres);
        }
    }

    @Test
    void twoClassesAreIsolatedFromEachOther() {
        Runs.run(FirstClassTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(1).succeeded(1));
        Runs.run(SecondClassTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(1).succeeded(1));
    }

    @SharedEnvironment
    static class FirstClassTestCase {

        @Test
        void createsTheTable(Postgres postgres) throws SQLException {
            execute(postgres.dataSource(), "CREATE TABLE only_once (id integer)");
        }
    }

    static class SecondClassTestCase extends FirstClassTestCase {}

    @Test
    void whatOneTestWasGivenIsClosedWithItAndTheEnvironmentGoesOn() {
        Runs.run(ClosingTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(2).succeeded(2));
    }

    @SharedEnvironment
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class ClosingTestCase {

        @Isolated
        private static Connection ofTheClass;

        private static Connection ofTheFirstTest;

        @Isolated
        private Connection inField;

        private static Connection inFieldOfTheFirstTest;

        @Test
        @Order(1)
        void first(@Isolated Connection connection) throws SQLException {
            ofTheFirstTest = connection;
            inFieldOfTheFirstTest = inField;
            assertThat(connection.isValid(1)).isTrue();
            assertThat(inField.isValid(1)).isTrue();
        }

        @Test
        @Order(2)
        void second() throws SQLException {
            assertThat(ofTheFirstTest.isClosed()).isTrue();
            assertThat(inFieldOfTheFirstTest.isClosed()).isTrue();
            assertThat(ofTheClass.isValid(1)).isTrue();
            assertThat(inField.isValid(1)).isTrue();
        }
    }

    @Test
    void itHoldsWhatClassesNestedAtAnyDepthAskForAndNothingElse() {
        Runs.run(DeepTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(1).succeeded(1));
        Runs.run(EmptyTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(3).succeeded(3));
    }

    @SharedEnvironment
    static class DeepTestCase {

        @Nested
        class MiddleTestCase {

            @Nested
            class InnermostTestCase {

                @Test
                void asks(Postgres postgres) {
                    assertThat(postgres).isNotNull();
                }
            }
        }
    }

    @SharedEnvironment
    static class EmptyTestCase {

        @Test
        void wasNotOpenedWithIt(IsolatedEnvironment environment) {
            assertThatThrownBy(() -> environment.get(Postgres.class))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("it was not opened with it");
        }

        @Nested
        @SharedEnvironment
        class HasItsOwnTestCase {

            @Test
            void asks(Postgres postgres) {
                assertThat(postgres).isNotNull();
            }
        }

        static class HelperTestCase {

            HelperTestCase(@Isolated StringBuilder nobodyProvidesIt, Postgres postgres) {}
        }

        @Nested
        class NothingTestCase {

            @Test
            void sharesIt(IsolatedEnvironment environment) {
                assertThat(environment.name()).isEqualTo("SharedEnvironmentTest.EmptyTestCase");
            }
        }
    }

    @Test
    void aNestedClassOfItsOwnAlsoHoldsWhatTheClassesAroundItAskFor() {
        Runs.run(AroundTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(1).succeeded(1));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class AroundTestCase {

        @Isolated
        Postgres inField;

        @BeforeEach
        void prepare(@Isolated DataSource dataSource) {
            assertThat(dataSource).isNotNull();
        }

        @Nested
        @SharedEnvironment
        class HasItsOwnTestCase {

            @Test
            void test() {
                assertThat(inField).isNotNull();
            }
        }
    }

    private static int execute(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
