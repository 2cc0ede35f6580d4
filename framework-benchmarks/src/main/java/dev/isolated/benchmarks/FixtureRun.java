package dev.isolated.benchmarks;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs one test class as a build would, and marks when its plan is known, which is when servers may start. */
final class FixtureRun {

    private FixtureRun() {}

    public static void main(String[] arguments) {
        Marks.begin();
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(List.of(selectClass(arguments[0])))
                .build();
        var summary = new SummaryGeneratingListener();
        try (var session = LauncherFactory.openSession()) {
            session.getLauncher().execute(request, new PlanListener(), summary);
        }
        summary.getSummary().getFailures().forEach(failure -> {
            throw new BenchmarkFailure(failure.getException().toString());
        });
    }

    private static final class PlanListener implements TestExecutionListener {

        @Override
        public void testPlanExecutionStarted(TestPlan plan) {
            Marks.mark(Marks.PLAN);
        }
    }
}
