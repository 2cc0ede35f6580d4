package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.spi.Request;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Disabled;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.engine.discovery.ClassSelector;
import org.junit.platform.engine.discovery.MethodSelector;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/** What tests are going to ask for. Stateless. */
final class Needs {

    /** What so many classes of a request need, the others most likely need too. */
    private static final int CLASSES = 32;

    private static final System.Logger LOGGER = System.getLogger("dev.isolated.junit");

    private Needs() {}

    /** What the tests of a request are likely to ask for, as far as it names their classes; what runs is known later. */
    static Collection<Request> of(LauncherDiscoveryRequest request, Catalog catalog) {
        return Stream.concat(
                        request.getSelectorsByType(ClassSelector.class).stream().map(ClassSelector::getClassName),
                        request.getSelectorsByType(MethodSelector.class).stream()
                                .map(MethodSelector::getClassName))
                .distinct()
                .limit(CLASSES)
                .map(ClassSource::from)
                .flatMap(source -> methods(source).flatMap(method -> of(method, List.of(source), catalog).stream()))
                .distinct()
                .toList();
    }

    private static Stream<MethodSource> methods(ClassSource source) {
        try {
            return AnnotationSupport.findAnnotatedMethods(
                            source.getJavaClass(), Testable.class, HierarchyTraversalMode.TOP_DOWN)
                    .stream()
                    .map(method -> MethodSource.from(source.getJavaClass(), method));
        } catch (JUnitException | LinkageError e) {
            LOGGER.log(System.Logger.Level.DEBUG, "what " + source + " needs is not known ahead", e);
            return Stream.empty();
        }
    }

    static Collection<Request> of(TestPlan plan, Catalog catalog) {
        Set<Request> needed = new LinkedHashSet<>();
        for (TestIdentifier root : plan.getRoots()) {
            for (TestIdentifier test : plan.getDescendants(root)) {
                test.getSource()
                        .filter(MethodSource.class::isInstance)
                        .map(MethodSource.class::cast)
                        .ifPresent(source -> needed.addAll(of(source, classes(plan, test), catalog)));
            }
        }
        return needed;
    }

    /** The sources of a test's class and of those around it, which need not be where its method is declared. */
    private static List<ClassSource> classes(TestPlan plan, TestIdentifier test) {
        return Stream.iterate(Optional.of(test), Optional::isPresent, it -> it.flatMap(plan::getParent))
                .flatMap(it -> it.flatMap(TestIdentifier::getSource).stream())
                .filter(ClassSource.class::isInstance)
                .map(ClassSource.class::cast)
                .toList();
    }

    private static List<Request> of(MethodSource source, List<ClassSource> around, Catalog catalog) {
        try {
            List<Class<?>> classes = new ArrayList<>();
            around.forEach(it -> classes.add(it.getJavaClass()));
            Method method = source.getJavaMethod();
            boolean disabled = AnnotationSupport.isAnnotated(method, Disabled.class)
                    || classes.stream().anyMatch(type -> AnnotationSupport.isAnnotated(type, Disabled.class));
            return disabled || classes.isEmpty() ? List.of() : Wishes.of(catalog, classes, method);
        } catch (JUnitException | LinkageError e) {
            // The test itself will say what is wrong with it.
            LOGGER.log(System.Logger.Level.DEBUG, "what " + source + " needs is not known ahead", e);
            return List.of();
        }
    }
}
