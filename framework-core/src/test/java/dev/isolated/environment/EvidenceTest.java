package dev.isolated.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.contract.Captured;
import dev.isolated.error.IsolationException;
import dev.isolated.error.SettingsException;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an environment tells of a test that has failed, what it keeps of it, and how it is rewound. */
class EvidenceTest {

    private static final Request ALPHA = Request.of(String.class);
    private static final Request BETA = Request.of(Integer.class);

    private final Fake fake = new Fake();

    @TempDir
    private Path directory;

    @Test
    void everyServiceTellsWhatItKnowsWithoutTheAdministratorsPassword() {
        try (var environments = environments(Map.of());
                var environment = environments.open("SpyTest.fails", List.of(ALPHA, BETA))) {
            assertThat(environment.evidence())
                    .containsExactlyInAnyOrder(
                            new Evidence("alpha FIRST: doings", "SpyTest.fails has found out ***"),
                            new Evidence("beta FIRST: doings", "SpyTest.fails has found out ***"));
        }
    }

    @Test
    void whatCannotBeToldIsSaidSoAndTheOthersTellTheirs() {
        fake.failing.add("evidence alpha");
        try (var environments = environments(Map.of());
                var environment = environments.open("SpyTest.fails", List.of(ALPHA, BETA))) {
            assertThat(environment.evidence())
                    .hasSize(2)
                    .anySatisfy(it -> {
                        assertThat(it.title()).isEqualTo("alpha FIRST: what was done to slice of alpha");
                        assertThat(it.text()).startsWith("could not be had").contains("evidence alpha");
                    })
                    .anySatisfy(it -> assertThat(it.title()).isEqualTo("beta FIRST: doings"));
        }
    }

    @Test
    void nothingIsGatheredWhereTheSettingsDoNotWantIt() {
        try (var environments = environments(Map.of("isolated.evidence", "off"));
                var environment = environments.open("SpyTest.fails", List.of(ALPHA))) {
            assertThat(environment.evidence()).isEmpty();
        }
        assertThat(fake.events("evidence")).isEmpty();
    }

    @Test
    void theServersLogIsShownFromTheBeginningOfTheLeaseOn() throws IOException {
        Path log = log("before\n");
        try (var environments = environments(Map.of());
                var environment = environments.open("LoggingTest.fails", List.of(ALPHA))) {
            write(log, "one\ntwo\n");

            assertThat(logged(environment))
                    .isEqualTo("(other tests may use this server at the same time; some of these lines may be theirs)\n"
                            + "one\ntwo");
        }
    }

    @Test
    void onlyTheSlicesOwnLinesOfTheLogAreShownWhereTheServiceKnowsThem() throws IOException {
        fake.able.add("alpha");
        Path log = log("");
        try (var environments = environments(Map.of());
                var environment = environments.open("LoggingTest.fails", List.of(ALPHA))) {
            write(log, "alpha has an error\n\tin its second line\nsomebody else's\n\tsecond line\nalpha again\n");

            assertThat(logged(environment)).isEqualTo("alpha has an error\n\tin its second line\nalpha again");
        }
    }

    @Test
    void noMoreLinesOfTheLogAreShownThanTheSettingsSay() throws IOException {
        fake.able.add("alpha");
        Path log = log("");
        try (var environments = environments(Map.of("isolated.evidence.log-lines", "3"));
                var environment = environments.open("LoggingTest.fails", List.of(ALPHA))) {
            write(
                    log,
                    IntStream.rangeClosed(1, 9)
                            .mapToObj(i -> "alpha " + i + "\n")
                            .collect(Collectors.joining()));

            assertThat(logged(environment)).isEqualTo("alpha 7\nalpha 8\nalpha 9");
        }
    }

    @Test
    void aLogThatWasBegunAnewIsShownFromItsBeginning() throws IOException {
        fake.able.add("alpha");
        Path log = log("a long line from before\n");
        try (var environments = environments(Map.of());
                var environment = environments.open("LoggingTest.fails", List.of(ALPHA))) {
            Files.writeString(log, "alpha\n");

            assertThat(logged(environment)).isEqualTo("alpha");
        }
    }

    @Test
    void whatIsTooLongToBeReadIsCut() {
        assertThat(new Evidence("endless", "x".repeat(100_000)).text())
                .hasSizeLessThan(70_000)
                .endsWith("... (cut here; there are 100000 characters)");
    }

    @Test
    void aSliceThatIsKeptIsLeftAsItIsAndReplaced() {
        fake.able.add("alpha");
        try (var environments = environments(Map.of("isolated.environments.max", "1"))) {
            try (var environment = environments.open("KeepingTest.fails", List.of(ALPHA, BETA))) {
                assertThat(environment.keep()).containsExactly(new Evidence("alpha FIRST: kept", "look at alpha"));
            }
            assertThat(fake.events("leave", "reset")).containsExactlyInAnyOrder("leave alpha", "reset beta");
            environments.open("NextTest.works", List.of(ALPHA)).close();
        }
        assertThat(fake.events("create")).filteredOn("create alpha"::equals).hasSize(2);
        assertThat(fake.events("destroy")).filteredOn("destroy alpha"::equals).hasSize(1);
    }

    @Test
    void aKeptSliceThatCannotBeLetGoOfIsReplacedToo() {
        fake.able.add("alpha");
        fake.failing.add("leave alpha");
        try (var environments = environments(Map.of())) {
            var environment = environments.open("KeepingTest.fails", List.of(ALPHA));
            environment.keep();
            assertThatThrownBy(environment::close)
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("let go of slice of alpha, which is kept for KeepingTest.fails");
            environments.open("NextTest.works", List.of(ALPHA)).close();
        }
    }

    @Test
    void rewindingUndoesWhatTheTestDidInEveryServiceAndReportsWhatItLeftOpen() {
        fake.able.addAll(List.of("alpha", "beta"));
        fake.failing.add("leak alpha");
        try (var environments = environments(Map.of());
                var log = new Captured("dev.isolated.environment");
                var environment = environments.open("ClassTest", List.of(ALPHA, BETA))) {
            environment.mark();
            environment.rewind("ClassTest.first");

            assertThat(log.lines(Level.WARNING))
                    .singleElement()
                    .asString()
                    .contains("Could not end ClassTest.first cleanly", "a connection of alpha");
        }
        assertThat(fake.events("mark", "rewind"))
                .containsExactly("mark beta", "mark alpha", "rewind beta", "rewind alpha");
    }

    @Test
    void whatOneTestOfAClassLeftOpenFailsItWhereTheSettingsSaySo() {
        fake.able.addAll(List.of("alpha", "beta"));
        fake.failing.addAll(List.of("leak alpha", "rewind beta"));
        try (var environments = environments(Map.of("isolated.leaks", "fail"));
                var environment = environments.open("ClassTest", List.of(ALPHA, BETA))) {
            environment.mark();

            assertThatThrownBy(() -> environment.rewind("ClassTest.first"))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("rewind beta")
                    .satisfies(it -> assertThat(it.getSuppressed())
                            .singleElement()
                            .asString()
                            .contains("a connection of alpha"));
            fake.failing.clear();
        }
    }

    @Test
    void aServiceThatCannotBeRewoundSaysSo() {
        try (var environments = environments(Map.of());
                var environment = environments.open("ClassTest", List.of(ALPHA))) {
            assertThatThrownBy(environment::mark)
                    .isInstanceOf(SettingsException.class)
                    .hasMessage("Could not rewind slice of alpha after each test: expected a service that can go back"
                            + " to what was prepared, but found one that cannot. What to do: prepare the data in"
                            + " @BeforeEach, in an environment for each test.");
        }
    }

    private Path log(String content) throws IOException {
        Path file = Files.writeString(directory.resolve("server.log"), content);
        fake.log = Optional.of(file);
        return file;
    }

    private static void write(Path log, String lines) throws IOException {
        Files.writeString(log, lines, StandardOpenOption.APPEND);
    }

    private static String logged(IsolatedEnvironment environment) {
        return environment.evidence().stream()
                .filter(it -> it.title().equals("alpha FIRST: log of alpha 1 (fake, localhost:1)"))
                .map(Evidence::text)
                .collect(Collectors.joining("\n---\n"));
    }

    private Environments environments(Map<String, String> more) {
        var declared = new HashMap<>(Map.of("isolated.environments.max", "2", "isolated.lease.warm", "1"));
        declared.putAll(more);
        var catalog = fake.catalog();
        return new Environments(catalog, catalog.settings(declared, Map.of()), new SimpleMeterRegistry());
    }
}
