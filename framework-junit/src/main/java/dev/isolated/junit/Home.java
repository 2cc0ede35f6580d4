package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.spi.Request;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Where an environment lives: the class that shares one, or the test method. Immutable. */
record Home(ExtensionContext context) {

    private static final ClassValue<Optional<SharedEnvironment>> SHARING = new ClassValue<>() {
        @Override
        protected Optional<SharedEnvironment> computeValue(Class<?> type) {
            return AnnotationSupport.findAnnotation(type, SharedEnvironment.class);
        }
    };

    /** The home of what a context asks for; empty where it would have to be shared and is not. */
    static Optional<Home> of(ExtensionContext context) {
        return shared(context)
                .or(() -> Optional.of(new Home(context))
                        .filter(it -> context.getTestMethod().isPresent()));
    }

    /** The home of what runs in a context; a dynamic test runs in that of its factory. */
    static Optional<Home> around(ExtensionContext context) {
        return of(context).or(() -> context.getParent().flatMap(Home::around));
    }

    /** The nearest class around a context that shares an environment. */
    static Optional<Home> shared(ExtensionContext context) {
        Optional<ExtensionContext> at = Optional.of(context);
        while (at.isPresent()) {
            ExtensionContext candidate = at.get();
            boolean classLevel = candidate.getTestMethod().isEmpty();
            if (classLevel && sharing(candidate).isPresent()) {
                return Optional.of(new Home(candidate));
            }
            at = candidate.getParent();
        }
        return Optional.empty();
    }

    /** Whether the environment is rewound after each of its tests. */
    boolean rewinds() {
        return context.getTestMethod().isEmpty()
                && sharing(context).filter(SharedEnvironment::rewind).isPresent();
    }

    private static Optional<SharedEnvironment> sharing(ExtensionContext context) {
        return context.getTestClass().flatMap(SHARING::get);
    }

    /** All that will be asked for here. */
    List<Request> requests(Catalog catalog) {
        List<Class<?>> classes = classes();
        return context.getTestMethod()
                .map(method -> Wishes.ofMethod(catalog, classes, method))
                .orElseGet(() -> Wishes.ofClass(catalog, classes));
    }

    /** What is said here about isolation. */
    Scope scope() {
        List<Class<?>> classes = classes();
        return context.getTestMethod()
                .map(method -> Wishes.scope(classes, method))
                .orElseGet(() -> Scope.of(classes));
    }

    /** The class, and then those around it. */
    private List<Class<?>> classes() {
        List<Class<?>> classes = new ArrayList<>(context.getEnclosingTestClasses());
        classes.add(context.getRequiredTestClass());
        Collections.reverse(classes);
        return classes;
    }

    /** The test's name, or the class's. */
    String name() {
        Class<?> testClass = context.getRequiredTestClass();
        String inPackage = testClass
                .getName()
                .substring(testClass.getPackageName().length())
                .replace('$', '.');
        String plain = inPackage.startsWith(".") ? inPackage.substring(1) : inPackage;
        return context.getTestMethod()
                .map(Method::getName)
                .map(method -> plain + "." + method + invocation(method))
                .orElse(plain);
    }

    /** Tells the invocations of a parameterized or repeated test apart. */
    private String invocation(String method) {
        String display = context.getDisplayName();
        return display.startsWith(method + "(") ? "" : " " + display;
    }
}
