package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.support.store.Namespace;
import org.junit.platform.engine.support.store.NamespacedHierarchicalStore;
import org.junit.platform.launcher.LauncherDiscoveryListener;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestPlan;

/**
 * Starts the servers that the tests of a plan need, in the background, as soon as the plan is known, having loaded classes
 * while JUnit was still discovering; and notes the names of the configuration
 * parameters; {@link java.util.ServiceLoader} makes it. What it starts, the session's store owns and the extension finds.
 * Has no state.
 */
public final class IsolatedSessionListener implements LauncherSessionListener {

    private static final Namespace NAMESPACE = Namespace.create(Run.NAMESPACE.getParts());
    private static final System.Logger LOGGER = System.getLogger("dev.isolated.junit");

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        NamespacedHierarchicalStore<Namespace> store = session.getStore();
        session.getLauncher().registerLauncherDiscoveryListeners(new LauncherDiscoveryListener() {
            @Override
            public void launcherDiscoveryStarted(LauncherDiscoveryRequest request) {
                var loading = new Thread(
                        () -> ahead(
                                store,
                                request.getConfigurationParameters(),
                                (catalog, environments) -> environments.warmUp(Needs.of(request, catalog))),
                        "isolated-warm-up");
                loading.setDaemon(true);
                loading.start();
            }
        });
        session.getLauncher().registerTestExecutionListeners(new TestExecutionListener() {
            @Override
            public void testPlanExecutionStarted(TestPlan plan) {
                store.put(NAMESPACE, Run.NAMES, Run.Names.of(plan.getConfigurationParameters()));
                ahead(
                        store,
                        plan.getConfigurationParameters(),
                        (catalog, environments) -> environments.prepare(Needs.of(plan, catalog)));
            }
        });
    }

    /** Does what can be done before the first test asks: starts what is needed, or while that is not known loads classes. */
    private static void ahead(
            NamespacedHierarchicalStore<Namespace> store,
            ConfigurationParameters parameters,
            BiConsumer<Catalog, Environments> task) {
        try {
            Catalog catalog = Catalog.found();
            Set<String> names = Run.Names.of(parameters).values();
            Settings settings = catalog.settings(Map.of(), Run.parameters(catalog, names, parameters::get));
            if (settings.get(Keys.START).equals(Keys.EAGER)) {
                Environments environments = store.getOrComputeIfAbsent(
                        NAMESPACE, settings, key -> new Environments(catalog, settings), Environments.class);
                task.accept(catalog, environments);
            }
        } catch (IsolationException | ServiceConfigurationError | LinkageError e) {
            // Tests that need nothing of this must not suffer; the first that does fails with this very reason.
            LOGGER.log(System.Logger.Level.DEBUG, "servers are not started ahead: " + e, e);
        }
    }
}
