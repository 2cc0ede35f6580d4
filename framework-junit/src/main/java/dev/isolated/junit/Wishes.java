package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.spi.Request;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ModifierSupport;
import org.junit.platform.commons.support.ReflectionSupport;

/** Finds out, by looking at a test's code, all that it is going to ask for. Stateless. */
final class Wishes {

    private Wishes() {}

    /** What one test method needs: its parameters, those of the constructors and of what runs around it, and the fields. */
    static List<Request> ofMethod(Catalog catalog, Class<?> testClass, Method method) {
        Stream<Executable> around = withEnclosing(testClass)
                .flatMap(type -> Stream.concat(
                        Arrays.stream(type.getDeclaredConstructors()), methods(type, Wishes::runsAroundEach)));
        return requests(catalog, Stream.concat(around, Stream.of(method)), instanceFields(testClass));
    }

    /** What any test of a class, or of the classes nested in it, needs. */
    static List<Request> ofClass(Catalog catalog, Class<?> testClass) {
        List<Class<?>> all = Stream.concat(
                        Stream.of(testClass), ReflectionSupport.findNestedClasses(testClass, nested -> true).stream())
                .toList();
        Stream<Executable> executables = all.stream()
                .flatMap(type ->
                        Stream.concat(Arrays.stream(type.getDeclaredConstructors()), methods(type, method -> true)));
        return requests(catalog, executables, all.stream().flatMap(type -> fields(type).stream()));
    }

    /** The annotated fields of the instances of a class and of the classes it is nested in. */
    static Stream<Field> instanceFields(Class<?> testClass) {
        return withEnclosing(testClass).flatMap(type -> fields(type).stream()).filter(ModifierSupport::isNotStatic);
    }

    /** The annotated static fields of a class. */
    static Stream<Field> staticFields(Class<?> testClass) {
        return fields(testClass).stream().filter(ModifierSupport::isStatic);
    }

    private static List<Request> requests(Catalog catalog, Stream<Executable> executables, Stream<Field> fields) {
        Stream<Wish> parameters =
                executables.flatMap(it -> Arrays.stream(it.getParameters())).map(Wish::of);
        return Stream.concat(parameters, fields.map(Wish::of))
                .filter(wish -> wish.ours(catalog))
                .flatMap(wish -> wish.requests(catalog).stream())
                .distinct()
                .toList();
    }

    private static boolean runsAroundEach(Method method) {
        return AnnotationSupport.isAnnotated(method, BeforeEach.class)
                || AnnotationSupport.isAnnotated(method, AfterEach.class);
    }

    private static Stream<Method> methods(Class<?> type, Predicate<Method> wanted) {
        return ReflectionSupport.findMethods(type, wanted, HierarchyTraversalMode.TOP_DOWN).stream();
    }

    private static List<Field> fields(Class<?> type) {
        return AnnotationSupport.findAnnotatedFields(type, Isolated.class);
    }

    /** An inner class's test also has the instances of the classes around it. */
    private static Stream<Class<?>> withEnclosing(Class<?> testClass) {
        return Stream.<Class<?>>iterate(testClass, type -> type != null, Wishes::outerInstance);
    }

    private static @Nullable Class<?> outerInstance(Class<?> type) {
        return ModifierSupport.isStatic(type) ? null : type.getEnclosingClass();
    }
}
