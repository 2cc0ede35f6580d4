package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Request;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.Set;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.support.store.Namespace;
import org.junit.platform.engine.support.store.NamespacedHierarchicalStore;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Starts the servers that the tests of a plan need, in the background, as soon as the plan is known; and notes the names of the configuration
 * parameters; {@link java.util.ServiceLoader} makes it. What it starts, the session's store owns and the extension finds.
 * Has no state.
 */
public final class IsolatedSessionListener implements LauncherSessionListener {

    private static final Namespace NAMESPACE = Namespace.create(Run.NAMESPACE.getParts());
    private static final System.Logger LOGGER = System.getLogger("dev.isolated.junit");

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        NamespacedHierarchicalStore<Namespace> store = session.getStore();
        session.getLauncher().registerTestExecutionListeners(new TestExecutionListener() {
            @Override
            public void testPlanExecutionStarted(TestPlan plan) {
                store.put(NAMESPACE, Run.NAMES, Run.Names.of(plan.getConfigurationParameters()));
                start(store, plan);
            }
        });
    }

    private static void start(NamespacedHierarchicalStore<Namespace> store, TestPlan plan) {
        ConfigurationParameters parameters = plan.getConfigurationParameters();
        try {
            Catalog catalog = Catalog.found();
            Set<String> names = Run.Names.of(parameters).values();
            Settings settings = catalog.settings(Map.of(), Run.parameters(catalog, names, parameters::get));
            Collection<Request> needs =
                    settings.get(Keys.START).equals(Keys.EAGER) ? Needs.of(plan, catalog) : List.of();
            if (!needs.isEmpty()) {
                store.getOrComputeIfAbsent(
                                NAMESPACE, settings, key -> new Environments(catalog, settings), Environments.class)
                        .prepare(needs);
            }
        } catch (IsolationException | ServiceConfigurationError | LinkageError e) {
            // Tests that need nothing of this must not suffer; the first that does fails with this very reason.
            LOGGER.log(System.Logger.Level.DEBUG, "servers are not started ahead: " + e, e);
        }
    }
}
