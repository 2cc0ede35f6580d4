package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** What cannot be done is refused with a message that names the thing and the way out. */
class RefusalTest {

    @Test
    void aTypeThatNoServiceProvides() {
        assertThat(onlyFailure(UnknownTypeTestCase.class))
                .contains("Could not inject parameter java.lang.StringBuilder")
                .contains("UnknownTypeTestCase.test")
                .contains("dev.isolated.postgres.Postgres, java.sql.Connection, javax.sql.DataSource")
                .contains("ask for one of these types, or remove @Isolated");
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class UnknownTypeTestCase {

        @Test
        void test(@Isolated StringBuilder builder) {}
    }

    @Test
    void aParameterOfBeforeAllWithoutASharedEnvironment() {
        assertThat(onlyFailure(BeforeAllTestCase.class))
                .contains("Could not inject parameter dev.isolated.postgres.Postgres")
                .contains("something that runs once for all tests of")
                .contains("annotate the class with @SharedEnvironment");
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class BeforeAllTestCase {

        @BeforeAll
        static void prepare(Postgres postgres) {}

        @Test
        void test() {}
    }

    @Test
    void aConstructorOfAnInstanceThatManyTestsUse() {
        assertThat(onlyFailure(PerClassConstructorTestCase.class))
                .contains("annotate the class with @SharedEnvironment");
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    static class PerClassConstructorTestCase {

        PerClassConstructorTestCase(Postgres postgres) {}

        @Test
        void test() {}
    }

    @Test
    void aFieldOfAnInstanceWhoseTestsRunConcurrently() {
        EngineExecutionResults results = Runs.runConcurrently(ConcurrentFieldTestCase.class, Map.of());

        assertThat(Runs.failures(results))
                .anySatisfy(message -> assertThat(message)
                        .contains("one instance (PER_CLASS) whose tests run concurrently")
                        .contains("use a parameter of the test method"));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Execution(ExecutionMode.CONCURRENT)
    static class ConcurrentFieldTestCase {

        @Isolated
        private Postgres postgres;

        @Test
        void test() {
            assertThat(postgres).isNotNull();
        }
    }

    @Test
    void aConnectionInAnInstanceThatConcurrentTestsShare() {
        EngineExecutionResults results = Runs.runConcurrently(ConcurrentConnectionTestCase.class, Map.of());

        results.testEvents().assertStatistics(it -> it.started(1).failed(1));
        assertThat(Runs.failures(results))
                .anySatisfy(message -> assertThat(message)
                        .contains("Could not inject field private java.sql.Connection")
                        .contains("one instance (PER_CLASS) whose tests run concurrently")
                        .endsWith("What to do: use a parameter of the test method."));
    }

    @SharedEnvironment
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    @Execution(ExecutionMode.CONCURRENT)
    static class ConcurrentConnectionTestCase {

        @Isolated
        private Connection connection;

        @Test
        void test() {
            assertThat(connection).isNotNull();
        }
    }

    @Test
    void aFinalField() {
        assertThat(onlyFailure(FinalFieldTestCase.class))
                .contains("a final one")
                .contains("remove final");
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class FinalFieldTestCase {

        @Isolated
        private final @Nullable Postgres postgres = null;

        @Test
        void test() {
            assertThat(postgres).isNull();
        }
    }

    @Test
    void aServiceThatTheEnvironmentWasNotOpenedWith() {
        assertThat(onlyFailure(NotOpenedTestCase.class))
                .contains(
                        "Could not find dev.isolated.postgres.Postgres in the environment of RefusalTest.NotOpenedTestCase")
                .contains("declare it as a parameter or an @Isolated field");
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class NotOpenedTestCase {

        @Test
        void test(IsolatedEnvironment environment) {
            environment.get(Postgres.class);
        }
    }

    @Test
    void aValueThatIsNone() {
        EngineExecutionResults results = Runs.run(PlainTestCase.class, Map.of("isolated.lease.timeout", "soon"));

        assertThat(Runs.failures(results))
                .anySatisfy(message -> assertThat(message)
                        .contains(
                                "Could not use the setting isolated.lease.timeout from the JUnit configuration parameter")
                        .contains("a duration such as 500ms, 30s or 5m, at most 8760h, but found \"soon\"")
                        .contains("remove it for the default \"30s\""));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class PlainTestCase {

        @Test
        void test(Postgres postgres) {
            assertThat(postgres).isNotNull();
        }
    }

    @Test
    void anUnknownKeyInTheBuilderNamesTheNearest() {
        assertThat(onlyFailure(MistypedTestCase.class))
                .contains("Could not use the setting isolated.lease.timout from the extension")
                .contains("the nearest known one is isolated.lease.timeout");
    }

    static class MistypedTestCase {

        @RegisterExtension
        static final IsolatedEnvironmentExtension EXTENSION = IsolatedEnvironmentExtension.builder()
                .set("isolated.lease.timout", "5s")
                .build();

        @Test
        void test(Postgres postgres) {
            assertThat(postgres).isNotNull();
        }
    }

    @Test
    void anAbsentServiceSkipsTheTestWithTheReason() {
        EngineExecutionResults results =
                Runs.run(PlainTestCase.class, Map.of("isolated.postgres.source", "absent", "isolated.missing", "skip"));

        results.testEvents().assertStatistics(it -> it.started(1).aborted(1));
        assertThat(Runs.abortions(results))
                .singleElement()
                .satisfies(reason -> assertThat(reason)
                        .contains("Could not provide a postgres server")
                        .contains("absent: there is never a postgres here"));
    }

    @Test
    void anAbsentServiceFailsTheTestWhereThatIsWanted() {
        EngineExecutionResults results =
                Runs.run(PlainTestCase.class, Map.of("isolated.postgres.source", "absent", "isolated.missing", "fail"));

        results.testEvents().assertStatistics(it -> it.started(1).failed(1));
    }

    private static String onlyFailure(Class<?> fixture) {
        List<String> failures = Runs.failures(Runs.run(fixture));
        assertThat(failures).isNotEmpty();
        return String.join("\n", failures);
    }

    @ParameterizedTest
    @CsvSource({"auto,true,true", "auto,false,false", "auto,,false", "fail,,true", "fail,false,true", "skip,true,false"
    })
    void aMissingServiceFailsTheBuildWhereItIsToldToOrRunsUnattended(String setting, String ci, boolean fails) {
        assertThat(IsolatedEnvironmentExtension.failsWhereMissing(setting, ci)).isEqualTo(fails);
    }
}
