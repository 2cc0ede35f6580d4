package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.settings.Key;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ExtensionContext.Store;
import org.junit.jupiter.api.extension.ExtensionContext.StoreScope;
import org.junit.platform.engine.ConfigurationParameters;

/**
 * What all tests of a launcher session share: the catalog, and one {@link Environments} for each different set of
 * settings. The session's store owns and closes them.
 */
record Run(Catalog catalog, Environments environments) {

    static final Namespace NAMESPACE = Namespace.create("dev.isolated");

    /** Where the session's store keeps the {@link Names} of the test plan that runs. */
    static final String NAMES = "names";

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
        Names names = session.getOrDefault(NAMES, Names.class, new Names(Set.of()));
        Settings settings =
                catalog.settings(declared, parameters(catalog, names.values(), context::getConfigurationParameter));
        return new Run(
                catalog,
                session.getOrComputeIfAbsent(settings, key -> new Environments(catalog, settings), Environments.class));
    }

    /**
     * What JUnit's configuration parameters say of the known keys and of further names, which are thus checked. JUnit looks
     * into system properties too; what comes from there is left to the layer that says so.
     */
    static Map<String, String> parameters(
            Catalog catalog, Collection<String> names, Function<String, Optional<String>> source) {
        return Stream.concat(catalog.keys().stream().map(Key::name), names.stream())
                .distinct()
                .flatMap(name -> source
                        .apply(name)
                        .filter(text -> !text.equals(System.getProperty(name)))
                        .map(text -> Map.entry(name, text))
                        .stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** The names of this library's configuration parameters, which a test's context cannot list. Immutable. */
    record Names(Set<String> values) {

        static Names of(ConfigurationParameters parameters) {
            return new Names(parameters.keySet().stream()
                    .filter(name -> name.startsWith(Keys.PREFIX))
                    .collect(Collectors.toUnmodifiableSet()));
        }
    }
}
