package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where and as what a test can have its services. */
class InjectionTest {

    @Test
    void parametersOfEveryKindAreViewsOfOneEnvironment() {
        Runs.run(ParametersTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(2).succeeded(2));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class ParametersTestCase {

        @Test
        void seesTheSameData(
                Postgres postgres,
                @Isolated DataSource dataSource,
                @Isolated Connection connection,
                IsolatedEnvironment environment)
                throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE seen (id integer)");
            }
            assertThat(count(dataSource, "seen")).isZero();
            assertThat(count(postgres.dataSource(), "seen")).isZero();
            assertThat(environment.get(Postgres.class)).isSameAs(postgres);
            assertThat(environment.name()).isEqualTo("InjectionTest.ParametersTestCase.seesTheSameData");
        }

        @Test
        void namesWhatTheEnvironmentShallHold(@Isolated(Postgres.class) IsolatedEnvironment environment)
                throws SQLException {
            assertThat(count(environment.get(Postgres.class).dataSource(), "pg_class"))
                    .isPositive();
        }
    }

    @Test
    void fieldsAreInjectedAlsoPrivateInheritedAndOuterOnes() {
        Runs.run(FieldsTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(2).succeeded(2));
    }

    static class BaseTestCase {

        @Isolated
        Postgres inherited;
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class FieldsTestCase extends BaseTestCase {

        @Isolated
        private DataSource dataSource;

        @BeforeEach
        void fieldsAreThereBeforeEach() throws SQLException {
            createNumbers(dataSource);
        }

        @Test
        void inheritedOnesToo() throws SQLException {
            assertThat(count(inherited.dataSource(), "numbers")).isZero();
        }

        @Nested
        class InnerTestCase {

            @Isolated
            private Connection connection;

            @Test
            void outerOnesToo() throws SQLException {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("INSERT INTO numbers VALUES (1)");
                }
                assertThat(count(dataSource, "numbers")).isEqualTo(1);
            }
        }
    }

    @Test
    void anInheritedNestedClassHasWhatTheSubclassAsksFor() {
        Runs.run(SubclassTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(1).succeeded(1));
    }

    static class WithNestedTestCase {

        @Nested
        class InheritedTestCase {

            @Test
            void asksForNothingItself() {}
        }
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class SubclassTestCase extends WithNestedTestCase {

        @Isolated
        private DataSource dataSource;

        @BeforeEach
        void prepare(Postgres postgres) throws SQLException {
            createNumbers(postgres.dataSource());
            assertThat(count(dataSource, "numbers")).isZero();
        }
    }

    @Test
    void constructorsTakeParameters() {
        Runs.run(ConstructorTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(3).succeeded(3));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class ConstructorTestCase {

        private final DataSource dataSource;

        ConstructorTestCase(Postgres postgres) throws SQLException {
            dataSource = postgres.dataSource();
            createNumbers(dataSource);
        }

        @RepeatedTest(3)
        void everyInstanceHasItsOwn(Postgres postgres) throws SQLException {
            insert(dataSource, 1);
            assertThat(count(postgres.dataSource(), "numbers")).isEqualTo(1);
        }
    }

    @Test
    void parameterizedRepeatedAndDynamicTestsHaveTheirOwn() {
        Runs.run(TemplatesTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(9).succeeded(9));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class TemplatesTestCase {

        @ParameterizedTest
        @ValueSource(ints = {1, 2, 3})
        void argumentsComeFirst(int number, Postgres postgres, IsolatedEnvironment environment) throws SQLException {
            createNumbers(postgres.dataSource());
            assertThat(environment.name()).contains("argumentsComeFirst [" + number + "]");
        }

        @RepeatedTest(3)
        void repetitions(Postgres postgres) throws SQLException {
            createNumbers(postgres.dataSource());
        }

        @TestFactory
        Stream<DynamicTest> dynamicTestsShareTheirFactorys(Postgres postgres) throws SQLException {
            createNumbers(postgres.dataSource());
            return Stream.of(1, 2)
                    .map(number ->
                            DynamicTest.dynamicTest("insert " + number, () -> insert(postgres.dataSource(), number)));
        }

        @IsolatedTest
        void composed(Postgres postgres) throws SQLException {
            createNumbers(postgres.dataSource());
        }
    }

    @Test
    void oneInstanceForAllTestsGetsFreshFieldsForEach() {
        Runs.run(PerClassTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(3).succeeded(3));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PerClassTestCase {

        @Isolated
        private Postgres postgres;

        @RepeatedTest(3)
        void startsClean() throws SQLException {
            createNumbers(postgres.dataSource());
        }
    }

    @Test
    void commonTypesWithoutTheAnnotationAreLeftToOthers() {
        Runs.run(ForeignTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(1).succeeded(1));
    }

    @ExtendWith({IsolatedEnvironmentExtension.class, OtherResolver.class})
    static class ForeignTestCase {

        @Test
        void bothResolversWork(String text, Postgres postgres) {
            assertThat(text).isEqualTo("from another extension");
            assertThat(postgres).isNotNull();
        }
    }

    static class OtherResolver implements ParameterResolver {

        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == String.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return "from another extension";
        }
    }

    @Test
    void whatWasInjectedIsClosedAfterAfterEach() {
        Runs.run(ClosingTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(1).succeeded(1));

        assertThat(ClosingTestCase.injected)
                .satisfies(it -> assertThat(it.isClosed()).isTrue());
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class ClosingTestCase {

        static Connection injected;

        @Test
        void keepsTheConnection(@Isolated Connection connection) {
            injected = connection;
        }

        @AfterEach
        void isStillOpen() throws SQLException {
            assertThat(injected.isValid(1)).isTrue();
        }
    }

    private static void createNumbers(DataSource dataSource) throws SQLException {
        execute(dataSource, "CREATE TABLE numbers (number integer PRIMARY KEY)");
    }

    private static void insert(DataSource dataSource, int number) throws SQLException {
        execute(dataSource, "INSERT INTO numbers VALUES (" + number + ")");
    }

    private static void execute(DataSource dataSource, String sql) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long count(DataSource dataSource, String table) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }
}
