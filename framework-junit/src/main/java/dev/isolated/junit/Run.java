package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;

/**
 * What all tests of a launcher session share: the catalog, and one {@link Environments} for each different set of
 * settings. The session's store owns and closes them.
 */
record Run(Catalog catalog, Environments environments) {

    static final Namespace NAMESPACE = Namespace.create("dev.isolated");

    private static final String CATALOG = "catalog";

    /** The run that a test belongs to, found once for each request and each set of declared settings. */
    static Run of(ExtensionContext context, Map<String, String> declared) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .getOrComputeIfAbsent(declared, key -> resolve(context, key), Run.class);
    }

    private static Run resolve(ExtensionContext context, Map<String, String> declared) {
        Store session = context.getStore(StoreScope.LAUNCHER_SESSION, NAMESPACE);
        Catalog catalog = session.getOrComputeIfAbsent(CATALOG, key -> Catalog.found(), Catalog.class);
        Settings settings = catalog.settings(declared, parameters(catalog, context::getConfigurationParameter));
        return new Run(
                catalog,
                session.getOrComputeIfAbsent(settings, key -> new Environments(catalog, settings), Environments.class));
    }

    /** What JUnit's configuration parameters say of the known keys. */
    static Map<String, String> parameters(Catalog catalog, Function<String, Optional<String>> source) {
        var found = new HashMap<String, String>();
        for (Key<?> key : catalog.keys()) {
            source.apply(key.name()).ifPresent(text -> found.put(key.name(), text));
        }
        return found;
    }
}
