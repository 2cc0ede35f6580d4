package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.error.Explanation;
import dev.isolated.spi.Request;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Finds out, by looking at a test's code, all that it is going to ask for. Keeps nothing but what it has found in a class. */
final class Wishes {

    private static final ClassValue<Members> MEMBERS = new ClassValue<>() {
        @Override
        protected Members computeValue(Class<?> type) {
            return Members.of(type);
        }
    };

    private Wishes() {}

    /** What a test method needs to be in the environment that it will have, its own or that of a class around it. */
    static List<Request> of(Catalog catalog, List<Class<?>> classes, Method method) {
        for (int i = 0; i < classes.size(); i++) {
            if (AnnotationSupport.isAnnotated(classes.get(i), SharedEnvironment.class)) {
                return ofClass(catalog, classes.subList(i, classes.size()));
            }
        }
        return ofMethod(catalog, classes, method);
    }

    /**
     * What one test method needs: its parameters, those of the constructors and of what runs around it, and the fields.
     *
     * @param classes the method's test class, and then those around it
     */
    static List<Request> ofMethod(Catalog catalog, List<Class<?>> classes, Method method) {
        return requests(
                catalog,
                scope(classes, method),
                Stream.concat(around(classes), Stream.of(method)),
                classes.stream().flatMap(Wishes::instanceFields));
    }

    /**
     * What any test of a class, or of the classes nested in it that share its environment, needs.
     *
     * @param classes the class, and then those around it
     */
    static List<Request> ofClass(Catalog catalog, List<Class<?>> classes) {
        var sharing = new LinkedHashSet<Class<?>>();
        addSharing(classes.get(0), sharing);
        sharing.forEach(Wishes::requireOneMind);
        // The instances of the classes around it are made and filled for each of its tests.
        List<Class<?>> enclosing = classes.subList(1, classes.size());
        Stream<Executable> executables =
                sharing.stream().flatMap(type -> Stream.concat(constructors(type), methods(type, method -> true)));
        Stream<Field> fields = sharing.stream().flatMap(type -> fields(type).stream());
        return requests(
                catalog,
                Scope.of(classes),
                Stream.concat(around(enclosing), executables),
                Stream.concat(enclosing.stream().flatMap(Wishes::instanceFields), fields));
    }

    /** One of the tests that share an environment cannot have it in another way. */
    private static void requireOneMind(Class<?> type) {
        AnnotationSupport.findAnnotatedMethods(type, Isolated.class, HierarchyTraversalMode.TOP_DOWN).stream()
                .findFirst()
                .ifPresent(method -> {
                    throw new ExtensionConfigurationException(Explanation.couldNot("isolate " + method)
                            .expected("what the environment is like to be said where it is shared")
                            .found("@Isolated on one of the tests that share the environment of " + type.getName())
                            .next("annotate the class, or move the test to a class without @SharedEnvironment")
                            .toString());
                });
    }

    private static void addSharing(Class<?> type, Set<Class<?>> sharing) {
        if (sharing.add(type)) {
            ReflectionSupport.findNestedClasses(type, Wishes::shares).forEach(nested -> addSharing(nested, sharing));
        }
    }

    private static boolean shares(Class<?> nested) {
        return ModifierSupport.isNotStatic(nested)
                && AnnotationSupport.isAnnotated(nested, Nested.class)
                && !AnnotationSupport.isAnnotated(nested, SharedEnvironment.class);
    }

    /** What runs to make the instances of these classes, and before and after each test. */
    private static Stream<Executable> around(List<Class<?>> types) {
        return types.stream().flatMap(type -> MEMBERS.get(type).aroundEach().stream());
    }

    /** The annotated fields of the instances of a class, inherited ones too. */
    static Stream<Field> instanceFields(Class<?> testClass) {
        return fields(testClass).stream().filter(ModifierSupport::isNotStatic);
    }

    /** The annotated static fields of a class. */
    static Stream<Field> staticFields(Class<?> testClass) {
        return fields(testClass).stream().filter(ModifierSupport::isStatic);
    }

    /** What is said around a test method that has an environment of its own. */
    static Scope scope(List<Class<?>> classes, Method method) {
        return Scope.of(Stream.concat(Stream.of(method), classes.stream()).toList());
    }

    private static List<Request> requests(
            Catalog catalog, Scope scope, Stream<Executable> executables, Stream<Field> fields) {
        Stream<Wish> parameters =
                executables.flatMap(it -> Arrays.stream(it.getParameters())).map(Wish::of);
        return Stream.concat(parameters, fields.map(Wish::of))
                .filter(wish -> wish.ours(catalog))
                .flatMap(wish -> wish.requests(catalog, scope).stream())
                .distinct()
                .toList();
    }

    private static Stream<Executable> constructors(Class<?> type) {
        return Arrays.stream(type.getDeclaredConstructors());
    }

    private static Stream<Method> methods(Class<?> type, Predicate<Method> wanted) {
        return ReflectionSupport.findMethods(type, wanted, HierarchyTraversalMode.TOP_DOWN).stream();
    }

    private static List<Field> fields(Class<?> type) {
        return MEMBERS.get(type).fields();
    }

    /** What any test of a class meets there. Immutable. */
    private record Members(List<Executable> aroundEach, List<Field> fields) {

        static Members of(Class<?> type) {
            return new Members(
                    Stream.concat(constructors(type), methods(type, Members::runsAroundEach))
                            .toList(),
                    List.copyOf(AnnotationSupport.findAnnotatedFields(type, Isolated.class)));
        }

        private static boolean runsAroundEach(Method method) {
            return AnnotationSupport.isAnnotated(method, BeforeEach.class)
                    || AnnotationSupport.isAnnotated(method, AfterEach.class);
        }
    }
}
