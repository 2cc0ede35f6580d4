package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.isolated.postgres.Postgres;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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
