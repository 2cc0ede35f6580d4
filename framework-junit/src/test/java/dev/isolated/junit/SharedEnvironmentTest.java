package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

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

    private static int execute(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }
}
