package dev.isolated.benchmarks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/**
 * Runs one test class as a build would, and marks when its plan is known, which is when servers may start. The build of a
 * peer has no listener of this library's.
 */
final class FixtureRun {

    private FixtureRun() {}

    public static void main(String[] arguments) throws ClassNotFoundException {
        Marks.begin();
        Class<?> fixture = Class.forName(arguments[0], false, FixtureRun.class.getClassLoader());
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(List.of(selectClass(fixture)))
                .build();
        var build = LauncherConfig.builder()
                .enableLauncherSessionListenerAutoRegistration(usesThisLibrary(fixture))
                .build();
        var summary = new SummaryGeneratingListener();
        try (var session = LauncherFactory.openSession(build)) {
            session.getLauncher().execute(request, new PlanListener(), summary);
        }
        summary.getSummary().getFailures().forEach(failure -> {
            throw new BenchmarkFailure(failure.getException().toString());
        });
        // As a build does; idle threads of a peer's would hold the JVM for a minute.
        System.exit(0);
    }

    private static boolean usesThisLibrary(Class<?> fixture) {
        return Arrays.asList(fixture.getAnnotation(ExtendWith.class).value())
                .contains(IsolatedEnvironmentExtension.class);
    }

    private static final class PlanListener implements TestExecutionListener {

        @Override
        public void testPlanExecutionStarted(TestPlan plan) {
            Marks.mark(Marks.PLAN);
        }
    }
}
