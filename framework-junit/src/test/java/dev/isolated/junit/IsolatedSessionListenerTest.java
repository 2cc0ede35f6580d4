package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Service;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import java.util.logging.StreamHandler;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary.Failure;

/** Servers start when it is known which tests run, serve all requests of a session, and are let go with it. */
class IsolatedSessionListenerTest {

    @TempDir
    private Path directory;

    @Test
    void aServerThatALaterTestNeedsStartsAsSoonAsThePlanIsKnownAndEndsWithTheSession() throws IOException {
        EarlyTestCase.servers = ServerProcesses.in(directory);
        SummaryGeneratingListener summary = execute(selecting(EarlyTestCase.class, SameServerTestCase.class));

        assertThat(summary.getSummary().getTestsSucceededCount()).isEqualTo(2);
        await().untilAsserted(() -> assertThat(EarlyTestCase.servers.running()).isEmpty());
    }

    /** Needs nothing itself; runs first because its class is selected first. */
    static class EarlyTestCase {

        static ServerProcesses servers;

        @Test
        void findsTheServerRunning() {
            await().until(() -> !servers.running().isEmpty());
        }
    }

    @Test
    void aPlanWhoseTestsNeedNothingStartsNothing() throws IOException {
        assertStartsNothing(selecting(NeedlessTestCase.class));
    }

    static class NeedlessTestCase {

        @Test
        void needsNothing() {}
    }

    @Test
    void whatIsFilteredOutStartsNothing() throws IOException {
        assertStartsNothing(
                selecting(NeedlessTestCase.class, SameServerTestCase.class).filters((PostDiscoveryFilter)
                        test -> FilterResult.includedIf(!test.getDisplayName().startsWith("notesItsServer"))));
    }

    @Test
    void whatIsDisabledStartsNothing() throws IOException {
        assertStartsNothing(selecting(NeedlessTestCase.class, DisabledTestCase.class));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    @Disabled("to start nothing")
    static class DisabledTestCase {

        @Test
        void wouldNeedPostgres(Postgres postgres) {}
    }

    private void assertStartsNothing(LauncherDiscoveryRequestBuilder request) throws IOException {
        SummaryGeneratingListener summary = execute(request);

        assertThat(summary.getSummary().getTestsSucceededCount()).isOne();
        // The session waits for what it has begun, so now it would be there.
        assertThat(ServerProcesses.in(directory).begun()).isFalse();
    }

    private SummaryGeneratingListener execute(LauncherDiscoveryRequestBuilder request) throws IOException {
        request.configurationParameters(ServerProcesses.in(directory).settings());
        var summary = new SummaryGeneratingListener();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher().execute(request.build(), summary);
        }
        assertThat(summary.getSummary().getFailures())
                .extracting(Failure::getException)
                .isEmpty();
        return summary;
    }

    private static LauncherDiscoveryRequestBuilder selecting(Class<?>... fixtures) {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(
                        Stream.of(fixtures).map(DiscoverySelectors::selectClass).toList());
    }

    @Test
    void allRequestsOfASessionUseOneServer() {
        try (LauncherSession session = LauncherFactory.openSession()) {
            var summary = new SummaryGeneratingListener();
            SameServerTestCase.users.clear();
            session.getLauncher().execute(request("isolated.lease.warm", "2"), summary);
            session.getLauncher().execute(request("isolated.lease.warm", "2"), summary);

            assertThat(summary.getSummary().getFailures())
                    .extracting(Failure::getException)
                    .isEmpty();
            // A slice's name begins with its run's, and a run has one server.
            assertThat(SameServerTestCase.users)
                    .hasSize(2)
                    .allMatch(user -> run(user).equals(run(SameServerTestCase.users.get(0))));
        }
    }

    @Test
    void lazyStartsNothingAhead() throws IOException {
        LaterTestCase.servers = ServerProcesses.in(directory);
        SummaryGeneratingListener summary = execute(selecting(LaterTestCase.class, SameServerTestCase.class)
                .configurationParameter("isolated.start", "lazy"));

        assertThat(summary.getSummary().getTestsSucceededCount()).isEqualTo(2);
    }

    static class LaterTestCase {

        static ServerProcesses servers;

        @Test
        void findsNothing() throws IOException {
            assertThat(servers.begun()).isFalse();
        }
    }

    @Test
    void anUnknownConfigurationParameterFailsTheFirstTestAndNoLaterRequest() {
        try (LauncherSession session = LauncherFactory.openSession()) {
            var mistyped = new SummaryGeneratingListener();
            var correct = new SummaryGeneratingListener();
            session.getLauncher().execute(request("isolated.lease.timout", "5s"), mistyped);
            session.getLauncher().execute(request("isolated.lease.timeout", "5s"), correct);

            assertThat(mistyped.getSummary().getFailures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.getException())
                            .hasStackTraceContaining("Could not use the setting isolated.lease.timout from the JUnit"
                                    + " configuration parameter: expected one of the")
                            .hasStackTraceContaining("the nearest known one is isolated.lease.timeout"));
            assertThat(correct.getSummary().getFailures())
                    .extracting(Failure::getException)
                    .isEmpty();
            assertThat(correct.getSummary().getTestsSucceededCount()).isOne();
        }
    }

    @Test
    void aValueThatJUnitTookFromASystemPropertyIsReportedAsOne() {
        System.setProperty("isolated.lease.leak-after", "never");
        try (LauncherSession session = LauncherFactory.openSession()) {
            var summary = new SummaryGeneratingListener();
            session.getLauncher().execute(request("isolated.start", "lazy"), summary);

            assertThat(summary.getSummary().getFailures())
                    .singleElement()
                    .satisfies(failure -> assertThat(failure.getException())
                            .hasStackTraceContaining(
                                    "Could not use the setting isolated.lease.leak-after from the system property"));
        } finally {
            System.clearProperty("isolated.lease.leak-after");
        }
    }

    @Test
    void aServiceThatCannotBeLoadedIsLoggedAndTheRunGoesOn(@TempDir Path classes) throws IOException {
        assertThat(logOfARunWith(classes, "no.such.Service"))
                .contains("servers are not started ahead")
                .contains("ServiceConfigurationError")
                .contains("no.such.Service");
        try (InputStream another = Runs.class.getResourceAsStream("Runs.class")) {
            Files.copy(another, classes.resolve("Broken.class"));
        }
        assertThat(logOfARunWith(classes, "Broken"))
                .contains("servers are not started ahead")
                .contains("NoClassDefFoundError")
                .contains("Broken (wrong name");
    }

    private static String logOfARunWith(Path classes, String service) throws IOException {
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve(Service.class.getName()), service);
        var logger = Logger.getLogger("dev.isolated.junit");
        var log = new ByteArrayOutputStream();
        var handler = new StreamHandler(log, new SimpleFormatter());
        handler.setLevel(Level.ALL);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        Level level = logger.getLevel();
        try (var loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, before);
                LauncherSession session = LauncherFactory.openSession()) {
            logger.addHandler(handler);
            logger.setLevel(Level.FINE);
            thread.setContextClassLoader(loader);
            var summary = new SummaryGeneratingListener();
            session.getLauncher().execute(request("isolated.lease.warm", "1"), summary);
            assertThat(summary.getSummary().getTestsFoundCount()).isOne();
        } finally {
            thread.setContextClassLoader(before);
            logger.setLevel(level);
            logger.removeHandler(handler);
        }
        handler.flush();
        return log.toString(StandardCharsets.UTF_8);
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class SameServerTestCase {

        static final List<String> users = new ArrayList<>();

        @Test
        void notesItsServer(Postgres postgres) {
            users.add(postgres.user());
        }
    }

    private static String run(String user) {
        return user.substring(0, user.lastIndexOf('_'));
    }

    private static LauncherDiscoveryRequest request(String key, String value) {
        return LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(SameServerTestCase.class))
                .configurationParameter(key, value)
                .build();
    }
}
