package dev.isolated.junit;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * Keeps the tests of a class whose environment is rewound from running at the same time as each other; other classes run
 * beside them. JUnit makes it. Has no state.
 */
final class RewindLocks implements ResourceLocksProvider {

    @Override
    public Set<Lock> provideForClass(Class<?> testClass) {
        return locks(testClass);
    }

    @Override
    public Set<Lock> provideForNestedClass(List<Class<?>> enclosing, Class<?> testClass) {
        return locks(testClass);
    }

    private static Set<Lock> locks(Class<?> testClass) {
        return AnnotationSupport.findAnnotation(testClass, SharedEnvironment.class)
                .filter(SharedEnvironment::rewind)
                .map(it -> Set.of(new Lock("dev.isolated.rewind " + testClass.getName())))
                .orElse(Set.of());
    }
}
