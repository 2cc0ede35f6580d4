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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Servers start while JUnit discovers, serve all requests of a session, and stop with it. */
class IsolatedSessionListenerTest {

    @Test
    void theServerStartsWithDiscoveryAndStopsWithTheSession() {
        List<ProcessHandle> before = ServerProcesses.ofThisJvm();
        List<ProcessHandle> started = new ArrayList<>();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher().discover(request("isolated.lease.warm", "1"));

            await().untilAsserted(() -> {
                started.clear();
                started.addAll(ServerProcesses.ofThisJvm());
                started.removeAll(before);
                assertThat(started).isNotEmpty();
            });
        }
        assertThat(started).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void allRequestsOfASessionUseOneServer() {
        try (LauncherSession session = LauncherFactory.openSession()) {
            var summary = new SummaryGeneratingListener();
            SameServerTestCase.users.clear();
            session.getLauncher().execute(request("isolated.lease.warm", "2"), summary);
            session.getLauncher().execute(request("isolated.lease.warm", "2"), summary);

            assertThat(summary.getSummary().getTestsFailedCount()).isZero();
            // A slice's name begins with its run's, and a run has one server.
            assertThat(SameServerTestCase.users)
                    .hasSize(2)
                    .allMatch(user -> run(user).equals(run(SameServerTestCase.users.get(0))));
        }
    }

    @Test
    void lazyStartsNothingAhead() {
        List<ProcessHandle> before = ServerProcesses.ofThisJvm();
        try (LauncherSession session = LauncherFactory.openSession()) {
            session.getLauncher().discover(request("isolated.start", "lazy"));

            assertThat(ServerProcesses.ofThisJvm()).containsExactlyInAnyOrderElementsOf(before);
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
    void aServiceThatCannotBeLoadedIsLoggedAndDiscoveryGoesOn(@TempDir Path classes) throws IOException {
        assertThat(logOfDiscoveryWith(classes, "no.such.Service"))
                .contains("servers are not started ahead")
                .contains("ServiceConfigurationError")
                .contains("no.such.Service");
        try (InputStream another = Runs.class.getResourceAsStream("Runs.class")) {
            Files.copy(another, classes.resolve("Broken.class"));
        }
        assertThat(logOfDiscoveryWith(classes, "Broken"))
                .contains("servers are not started ahead")
                .contains("NoClassDefFoundError")
                .contains("Broken (wrong name");
    }

    private static String logOfDiscoveryWith(Path classes, String service) throws IOException {
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
            assertThat(session.getLauncher()
                            .discover(request("isolated.lease.warm", "1"))
                            .containsTests())
                    .isTrue();
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
