package dev.isolated.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.contract.Captured;
import dev.isolated.error.IsolationException;
import dev.isolated.error.LeaseEndedException;
import dev.isolated.error.ServiceUnavailableException;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

class EnvironmentsTest {

    private static final Request ALPHA = Request.of(String.class);
    private static final Request BETA = Request.of(Integer.class);
    private static final Request GAMMA = Request.of(StringBuilder.class);

    private final Fake fake = new Fake();

    @Test
    void leasesAreTakenInOneFixedOrderAndGivenBackInReverse() {
        try (var environments = environments(Map.of())) {
            try (var environment = environments.open("CheckoutTest.paysOnce", List.of(GAMMA, ALPHA, BETA))) {
                assertThat(environment.name()).isEqualTo("CheckoutTest.paysOnce");
                assertThat(environment.get(String.class)).isEqualTo("the handle of alpha");
                assertThat(environment.get(Integer.class)).isEqualTo(42);
                assertThat(environments.status(ALPHA))
                        .hasValueSatisfying(it -> assertThat(it.leased()).isEqualTo(1));
            }
        }
        assertThat(fake.events("lease", "reset"))
                .containsExactly(
                        "lease alpha", "lease beta", "lease gamma", "reset gamma", "reset beta", "reset alpha");
        assertThat(fake.events("start")).containsExactlyInAnyOrder("start alpha", "start beta", "start gamma");
        assertThat(fake.events("stop")).containsExactlyInAnyOrder("stop alpha", "stop beta", "stop gamma");
    }

    @Test
    void aFailureGivesBackWhatWasAlreadyLeased() {
        fake.failing.add("lease beta");
        fake.failing.add("reset alpha");
        try (var environments = environments(Map.of())) {
            assertThatThrownBy(() -> environments.open("UnluckyTest.fails", List.of(ALPHA, BETA, GAMMA)))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("hand out slice of beta to UnluckyTest.fails")
                    .satisfies(it -> assertThat(it.getSuppressed())
                            .singleElement()
                            .asString()
                            .contains("reset slice of alpha after UnluckyTest.fails"));
        }
        assertThat(fake.events("lease", "reset")).containsExactly("lease alpha", "lease beta", "reset alpha");
    }

    @Test
    void everyLeaseIsEndedWhateverHappensToTheOthers() {
        fake.failing.addAll(List.of("reset alpha", "reset gamma"));
        try (var environments = environments(Map.of())) {
            var environment = environments.open("BrokenTest.breaksTwo", List.of(ALPHA, BETA, GAMMA));
            assertThatThrownBy(environment::close)
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("reset slice of gamma after BrokenTest.breaksTwo")
                    .satisfies(it -> assertThat(it.getSuppressed())
                            .singleElement()
                            .asString()
                            .contains("reset slice of alpha"));
            environment.close();
        }
        assertThat(fake.events("reset")).containsExactly("reset gamma", "reset beta", "reset alpha");
    }

    @Test
    void whatATestLeavesOpenIsReported() {
        fake.failing.add("leak alpha");
        try (var environments = environments(Map.of());
                var log = new Captured("dev.isolated.environment")) {
            environments.open("ForgetfulTest.leaks", List.of(ALPHA)).close();
            assertThat(log.lines(Level.WARNING))
                    .containsExactly(
                            "Could not end ForgetfulTest.leaks cleanly: expected everything that it opened to be"
                                    + " closed, but found a connection of alpha. What to do: close these where they are opened, with"
                                    + " try-with-resources.");
        }
    }

    @Test
    void whatATestLeavesOpenFailsItWhereTheSettingsSaySo() {
        fake.failing.addAll(List.of("leak alpha", "leak beta"));
        try (var environments = environments(Map.of("isolated.leaks", "fail"))) {
            var environment = environments.open("ForgetfulTest.leaks", List.of(ALPHA, BETA));
            assertThatThrownBy(environment::close)
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("a connection of beta")
                    .satisfies(it -> assertThat(it.getSuppressed())
                            .singleElement()
                            .asString()
                            .contains("a connection of alpha"));
        }
    }

    @Test
    void aHandleThatWasNotAskedForIsAnErrorThatSaysWhatIsThere() {
        try (var environments = environments(Map.of());
                var environment = environments.open("a test", List.of(ALPHA, BETA))) {
            assertThatThrownBy(() -> environment.get(StringBuilder.class))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("find java.lang.StringBuilder in the environment of a test")
                    .hasMessageContaining("one of [java.lang.Integer, java.lang.String]");
            assertThat(environment).hasToString("environment of a test [java.lang.Integer, java.lang.String]");
        }
    }

    @Test
    void anEnvironmentThatHasEndedNamesItsTest() {
        try (var environments = environments(Map.of())) {
            var environment = environments.open("CheckoutTest.paysOnce", List.of(ALPHA));
            environment.close();
            assertThatThrownBy(() -> environment.get(String.class))
                    .isInstanceOf(LeaseEndedException.class)
                    .hasMessageContaining("use a handle that belonged to CheckoutTest.paysOnce");
        }
    }

    @Test
    void askingForTheDefaultModeByItsNameIsOneLease() {
        try (var environments = environments(Map.of())) {
            var requests = List.of(ALPHA, Request.of(String.class, "FIRST"), ALPHA);
            environments.open("a test", requests).close();
        }
        assertThat(fake.events("lease")).containsExactly("lease alpha");
    }

    @Test
    void twoModesOfOneServiceAreTwoHandlesAndTheSettingsSayWhichIsMeantWhereNoneIsNamed() {
        var fake = new Fake();
        Settings settings = fake.catalog().settings(Map.of("isolated.alpha.mode", "second"), Map.of());
        try (var environments = new Environments(fake.catalog(), settings);
                var environment = environments.open(
                        "a test", List.of(Request.of(String.class, "FIRST"), Request.of(String.class, "SECOND")))) {
            assertThat(fake.events("lease")).containsExactly("lease alpha", "lease alpha");
            assertThat(environment.get(String.class)).isEqualTo(environment.get(Request.of(String.class, "SECOND")));
            assertThat(environments.status(ALPHA)).isEqualTo(environments.status(Request.of(String.class, "SECOND")));
        }
    }

    @Test
    void aBaseIsRefusedByAServiceThatTakesNone() {
        var fake = new Fake();
        try (var environments = new Environments(fake.catalog(), fake.catalog().settings(Map.of(), Map.of()))) {
            var request = new Request(String.class, "", List.of(EnvironmentsTest.class));
            assertThatThrownBy(() -> environments.open("a test", List.of(request)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessage(
                            "Could not start alpha from [class dev.isolated.environment.EnvironmentsTest]: expected a"
                                    + " service whose slices can start from a base, but"
                                    + " found that those of alpha cannot. What to do:"
                                    + " prepare what the test needs in the test, or in @BeforeEach.");
        }
    }

    @Test
    void anUnknownServiceOrModeIsAnErrorThatNamesTheKnown() {
        try (var environments = environments(Map.of())) {
            assertThatThrownBy(() -> environments.open("a test", List.of(Request.of(Long.class))))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("find the service whose handle is java.lang.Long")
                    .hasMessageContaining("[java.lang.StringBuilder, java.lang.String, java.lang.Integer]")
                    .hasMessageContaining("add the module that has it");
            assertThatThrownBy(() -> environments.open("a test", List.of(Request.of(String.class, "THIRD"))))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("isolate alpha by THIRD")
                    .hasMessageContaining("one of its modes [FIRST, SECOND]");
        }
        assertThat(fake.events).isEmpty();
    }

    @Test
    void aServiceWithoutASourceIsUnavailableWithTheReasonAndTheRemedy() {
        fake.refusal = "there is no Docker";
        try (var environments = environments(Map.of())) {
            for (int i = 0; i < 2; i++) {
                assertThatThrownBy(() -> environments.open("a test", List.of(ALPHA)))
                        .isInstanceOf(ServiceUnavailableException.class)
                        .hasMessageContaining("provide a alpha server")
                        .hasMessageContaining("[fake]")
                        .hasMessageContaining("fake: there is no Docker")
                        .hasMessageContaining("add framework-embedded");
            }
            assertThat(environments.status(ALPHA)).isEmpty();
        }
    }

    @Test
    void aSourceThatIsMistypedIsAnErrorOfTheSettingsAndNoReasonToSkip() {
        try (var environments = environments(Map.of("isolated.alpha.source", "faek"))) {
            assertThatThrownBy(() -> environments.open("a test", List.of(ALPHA)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("use the setting isolated.alpha.source")
                    .hasMessageContaining("one of [fake], but found \"faek\"");
        }
    }

    @Test
    void aPoolThatIsRefusedDisconnectsAndStopsItsServer() {
        try (var environments = environments(Map.of("isolated.environments.max", "11"))) {
            assertThatThrownBy(() -> environments.open("a test", List.of(ALPHA)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("isolated.environments.max to be at most 10");
        }
        assertThat(fake.events).containsExactly("start alpha", "connect alpha", "disconnect alpha", "stop alpha");
    }

    @Test
    void allPoolsAndServersAreClosedWhateverHappensToOne() {
        fake.failing.addAll(List.of("disconnect alpha", "stop alpha"));
        var environments = environments(Map.of());
        environments.open("a test", List.of(ALPHA, BETA)).close();
        assertThatThrownBy(environments::close)
                .hasMessageContaining("disconnect alpha")
                .satisfies(it -> assertThat(it.getSuppressed())
                        .singleElement()
                        .asString()
                        .contains("stop alpha"));
        environments.close();
        assertThat(fake.events("disconnect", "stop"))
                .containsExactlyInAnyOrder("disconnect alpha", "disconnect beta", "stop alpha", "stop beta");
    }

    @Test
    void aRunThatHasEndedStartsNothingAnyMore() {
        var environments = environments(Map.of());
        assertThat(environments.status(ALPHA)).isEmpty();
        environments.close();
        for (Request request : List.of(ALPHA, BETA)) {
            assertThatThrownBy(() -> environments.open("LateTest.comes", List.of(request)))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("open environments only while the tests run");
        }
        assertThat(fake.events).isEmpty();
    }

    @Test
    void serversOfDifferentServicesStartAtTheSameTime() {
        var together = new CyclicBarrier(2);
        fake.whileStarting = () -> together.await(10, TimeUnit.SECONDS);
        var environments = environments(Map.of());

        environments.prepare(List.of(ALPHA, BETA));
        environments.open("a test", List.of(ALPHA, BETA)).close();

        assertThat(together.isBroken()).isFalse();
        environments.close();
    }

    @Test
    void warmingUpTakesServersThatRunAndStartsNone() {
        fake.running = "alpha";
        var environments = environments(Map.of());

        environments.warmUp(List.of(ALPHA));
        environments.open("a test", List.of(ALPHA)).close();
        environments.close();

        assertThat(fake.events("find", "start", "stop")).containsExactly("find alpha", "stop alpha");
    }

    @Test
    void warmingUpTakesNoServerThatIsNotLikelyToBeNeeded() {
        fake.running = "alpha";
        var environments = environments(Map.of());

        environments.warmUp(List.of(BETA));
        environments.close();

        assertThat(fake.events("find", "start", "stop")).isEmpty();
    }

    @Test
    void theRunsLastLineCountsWhatWasMissing() {
        fake.refusal = "it has none";
        var environments = environments(Map.of());
        try (var log = new Captured("dev.isolated.environment")) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> environments.open("a test", List.of(ALPHA)))
                        .isInstanceOf(ServiceUnavailableException.class);
            }
            environments.close();

            assertThat(log.lines(Level.INFO)).isEmpty();
            assertThat(log.lines(Level.WARNING))
                    .satisfiesExactly(
                            once -> assertThat(once)
                                    .startsWith("Could not provide a alpha server: ")
                                    .contains("fake: it has none"),
                            last -> assertThat(last)
                                    .isEqualTo("0 environments; 3 could not be opened because there is no alpha"));
        }
    }

    @Test
    void theRunEndsInOneLine() {
        var environments = environments(Map.of());
        try (var log = new Captured("dev.isolated.environment")) {
            environments.prepare(List.of(ALPHA));
            environments.open("a test", List.of(ALPHA)).close();
            environments.open("another test", List.of(ALPHA)).close();
            assertThat(environments.summary())
                    .matches(
                            "2 environments; alpha 1 \\(fake, localhost:1\\): 2 leases, \\d at once, longest wait \\d+ ms, \\d slices");
            environments.close();
            assertThat(log.lines(Level.INFO))
                    .hasSize(2)
                    .anyMatch(it -> it.matches("alpha 1 \\(fake, localhost:1\\): ready in \\d+ ms; fake is .*"))
                    .anyMatch(it -> it.startsWith("2 environments; "))
                    .noneMatch(it -> it.contains("hunter2"));
        }
    }

    private Environments environments(Map<String, String> texts) {
        var catalog = fake.catalog();
        return new Environments(catalog, catalog.settings(Map.of(), texts), new SimpleMeterRegistry());
    }
}
