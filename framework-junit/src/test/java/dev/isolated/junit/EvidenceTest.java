package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.isolated.postgres.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/** A failed test has what it did to its services attached to its report. */
class EvidenceTest {

    @TempDir
    private Path reports;

    @Test
    void aFailedTestsFileHasTheRowThatItWroteAndTheFailurePointsToIt() throws IOException {
        Throwable failure = onlyFailure(run(FailingTestCase.class));

        Path file = pointedAt(failure);
        assertThat(file).startsWith(reports).hasFileName("evidence.txt");
        assertThat(failure.getSuppressed())
                .singleElement()
                .hasToString(
                        "dev.isolated.junit.EvidenceTaken: what EvidenceTest.FailingTestCase.fails did to its services"
                                + " is in " + file);
        assertThat(file)
                .content()
                .startsWith("EvidenceTest.FailingTestCase.fails failed: java.lang.AssertionError: as expected\n")
                .contains(
                        "\n== postgres TRANSACTION: rows written to public.orders\nstate | item\ncommitted | tea\n",
                        "\n== postgres TRANSACTION: log of postgres ",
                        "insert into orders values ('tea')");
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class FailingTestCase {

        @Test
        void fails(Postgres postgres) throws SQLException {
            order(postgres, "tea");
            throw new AssertionError("as expected");
        }

        @Test
        void passes(Postgres postgres) throws SQLException {
            order(postgres, "milk");
        }

        @Test
        void isAborted(Postgres postgres) throws SQLException {
            order(postgres, "milk");
            Assumptions.abort("not today");
        }

        @AfterEach
        void cleansUp(Postgres postgres) throws SQLException {
            execute(postgres, "DROP TABLE orders");
        }
    }

    @Test
    void nothingIsWrittenForTestsThatPassOrAreAborted() throws IOException {
        run(FailingTestCase.class);

        assertThat(files()).hasSize(1);
    }

    @Test
    void nothingIsWrittenWhereTheSettingsDoNotWantIt() throws IOException {
        Throwable failure = onlyFailure(run(FailingTestCase.class, "isolated.evidence", "off"));

        assertThat(failure.getSuppressed()).isEmpty();
        assertThat(files()).isEmpty();
    }

    @Test
    void failuresAroundATestHaveItToo() throws IOException {
        assertThat(pointedAt(onlyFailure(run(FailingBeforeTestCase.class))))
                .content()
                .contains("before each");
        assertThat(pointedAt(onlyFailure(run(FailingAfterTestCase.class))))
                .content()
                .contains("after each");
        assertThat(pointedAt(onlyFailure(run(FailingConstructorTestCase.class))))
                .content()
                .contains("constructor");
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class FailingBeforeTestCase {

        @BeforeEach
        void fails(Postgres postgres) throws SQLException {
            order(postgres, "before each");
            throw new AssertionError("as expected");
        }

        @Test
        void isNotReached() {}
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class FailingAfterTestCase {

        @Test
        void passes() {}

        @AfterEach
        void fails(Postgres postgres) throws SQLException {
            order(postgres, "after each");
            throw new AssertionError("as expected");
        }
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class FailingConstructorTestCase {

        FailingConstructorTestCase(Postgres postgres) throws SQLException {
            order(postgres, "constructor");
            throw new AssertionError("as expected");
        }

        @Test
        void isNotReached() {}
    }

    @Test
    void aTestWithoutTheExtensionOnItsClassHasIt() throws IOException {
        assertThat(pointedAt(onlyFailure(run(SingleTestCase.class)))).content().contains("committed | single");
    }

    static class SingleTestCase {

        @IsolatedTest
        void fails(Postgres postgres) throws SQLException {
            order(postgres, "single");
            throw new AssertionError("as expected");
        }
    }

    @Test
    void eachInvocationOfAParameterizedTestHasItsOwn() throws IOException {
        List<Failure> failures = run(ParameterizedTestCase.class);

        assertThat(failures).hasSize(2);
        assertThat(contents(failures))
                .anyMatch(it -> it.contains("committed | tea") && !it.contains("milk"))
                .anyMatch(it -> it.contains("committed | milk") && !it.contains("tea"));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class ParameterizedTestCase {

        @ParameterizedTest
        @ValueSource(strings = {"tea", "milk"})
        void fails(String item, Postgres postgres) throws SQLException {
            order(postgres, item);
            throw new AssertionError("as expected");
        }
    }

    @Test
    void aDynamicTestHasWhatItsFactoryAndItselfHaveDone() throws IOException {
        Throwable failure = onlyFailure(run(DynamicTestCase.class));

        assertThat(pointedAt(failure))
                .content()
                .startsWith("EvidenceTest.DynamicTestCase.tests dynamic failed: ")
                .contains("committed | factory", "committed | dynamic");
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class DynamicTestCase {

        @TestFactory
        Stream<DynamicTest> tests(Postgres postgres) throws SQLException {
            order(postgres, "factory");
            return Stream.of(
                    DynamicTest.dynamicTest("dynamic", () -> {
                        execute(postgres, "insert into orders values ('dynamic')");
                        throw new AssertionError("as expected");
                    }),
                    DynamicTest.dynamicTest("fine", () -> {}));
        }
    }

    @Test
    void inASharedEnvironmentItIsSaidThatOthersWereThereToo() throws IOException {
        assertThat(pointedAt(onlyFailure(run(SharingTestCase.class))))
                .content()
                .startsWith("EvidenceTest.SharingTestCase.fails failed: java.lang.AssertionError: as expected\n"
                        + "Its environment is the one of EvidenceTest.SharingTestCase; what other tests of the class did"
                        + " to it is seen here too.\n")
                .contains("committed | before all", "committed | test");
    }

    @SharedEnvironment
    static class SharingTestCase {

        @BeforeAll
        static void prepare(Postgres postgres) throws SQLException {
            order(postgres, "before all");
        }

        @Test
        void fails(Postgres postgres) throws SQLException {
            execute(postgres, "insert into orders values ('test')");
            throw new AssertionError("as expected");
        }
    }

    @Test
    void failuresAroundAClassThatSharesAnEnvironmentHaveItToo() throws IOException {
        assertThat(pointedAt(onlyFailure(run(FailingBeforeAllTestCase.class))))
                .content()
                .startsWith("EvidenceTest.FailingBeforeAllTestCase failed")
                .contains("committed | before all");
        assertThat(pointedAt(onlyFailure(run(FailingAfterAllTestCase.class))))
                .content()
                .contains("committed | after all");
    }

    @SharedEnvironment
    static class FailingBeforeAllTestCase {

        @BeforeAll
        static void fails(Postgres postgres) throws SQLException {
            order(postgres, "before all");
            throw new AssertionError("as expected");
        }

        @Test
        void isNotReached() {}
    }

    @SharedEnvironment
    static class FailingAfterAllTestCase {

        @Test
        void passes() {}

        @AfterAll
        static void fails(Postgres postgres) throws SQLException {
            order(postgres, "after all");
            throw new AssertionError("as expected");
        }
    }

    @Test
    void whereAReportCannotBeWrittenTheTestsOwnFailureStaysWhatItWas() throws IOException {
        Path occupied = Files.writeString(reports.resolve("occupied"), "a file");
        Throwable failure =
                onlyFailure(run(FailingTestCase.class, "junit.platform.reporting.output.dir", occupied.toString()));

        assertThat(failure).hasMessage("as expected");
        assertThat(failure.getSuppressed())
                .singleElement()
                .asString()
                .contains("what EvidenceTest.FailingTestCase.fails did to its services could not be attached");
    }

    private List<Failure> run(Class<?> fixture, String... more) throws IOException {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(fixture))
                .configurationParameter("junit.platform.reporting.output.dir", reports.toString());
        for (int i = 0; i < more.length; i += 2) {
            request.configurationParameters(Map.of(more[i], more[i + 1]));
        }
        var summary = new SummaryGeneratingListener();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher().execute(request.build(), summary);
        }
        return summary.getSummary().getFailures();
    }

    private static Throwable onlyFailure(List<Failure> failures) {
        assertThat(failures).hasSize(1);
        Throwable failure = failures.get(0).getException();
        assertThat(failure).hasMessage("as expected");
        return failure;
    }

    private static Path pointedAt(Throwable failure) {
        return Arrays.stream(failure.getSuppressed())
                .map(Throwable::getMessage)
                .filter(message -> message.contains(" is in "))
                .map(message -> Path.of(message.substring(message.indexOf(" is in ") + 7)))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> contents(List<Failure> failures) throws IOException {
        var contents = new ArrayList<String>();
        for (Failure failure : failures) {
            contents.add(Files.readString(pointedAt(failure.getException())));
        }
        return contents;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(reports)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static void order(Postgres postgres, String item) throws SQLException {
        execute(postgres, "create table orders (item text)");
        execute(postgres, "insert into orders values ('" + item + "')");
    }

    private static void execute(Postgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
