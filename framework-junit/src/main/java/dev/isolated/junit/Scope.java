package dev.isolated.junit;

import dev.isolated.spi.Base;
import dev.isolated.spi.Request;
import dev.isolated.spi.Service;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What is said about isolation around a place in a test's code: by its method, its class and the classes around it, the
 * nearest first. Immutable.
 */
record Scope(List<Isolated> said) {

    /** @param around the method, if it counts, then the class, then those around it */
    static Scope of(List<? extends AnnotatedElement> around) {
        return new Scope(around.stream()
                .flatMap(element -> AnnotationSupport.findAnnotation(element, Isolated.class).stream())
                .toList());
    }

    /** The request for a service from a place with, perhaps, an annotation of its own. */
    Request request(Service<?> service, Optional<Isolated> own) {
        String mode = own.map(Isolated::mode)
                .filter(it -> !it.isEmpty())
                .orElseGet(() -> said.stream()
                        .filter(it -> !it.mode().isEmpty()
                                && speaksOf(service, it, service.modes().contains(it.mode())))
                        .map(Isolated::mode)
                        .findFirst()
                        .orElse(""));
        List<Class<?>> bases = own.map(Scope::bases)
                .filter(it -> !it.isEmpty())
                .orElseGet(() -> said.stream()
                        .filter(it -> it.base().length > 0 && speaksOf(service, it, fits(service, it)))
                        .map(Scope::bases)
                        .findFirst()
                        .orElse(List.of()));
        return new Request(service.handle(), mode, bases);
    }

    private static boolean speaksOf(Service<?> service, Isolated isolated, boolean applies) {
        return isolated.value().length == 0
                ? applies
                : Arrays.asList(isolated.value()).contains(service.handle());
    }

    private static List<Class<?>> bases(Isolated isolated) {
        return List.of(isolated.base());
    }

    /** Whether bases are of a service, which is seen in the type that they give their handle. */
    private static boolean fits(Service<?> service, Isolated isolated) {
        return service.takesBases()
                && Arrays.stream(isolated.base()).allMatch(base -> handles(base).contains(service.handle()));
    }

    private static List<Type> handles(Class<?> base) {
        List<Type> handles = new ArrayList<>();
        for (Class<?> type = base; type != null; type = type.getSuperclass()) {
            Stream.concat(Arrays.stream(type.getGenericInterfaces()), Stream.ofNullable(type.getGenericSuperclass()))
                    .filter(ParameterizedType.class::isInstance)
                    .map(ParameterizedType.class::cast)
                    .filter(it -> it.getRawType() instanceof Class<?> raw && Base.class.isAssignableFrom(raw))
                    .forEach(it -> handles.addAll(Arrays.asList(it.getActualTypeArguments())));
        }
        return handles;
    }
}
