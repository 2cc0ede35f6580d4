package dev.isolated.junit;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.Explanation;
import dev.isolated.spi.Request;
import dev.isolated.spi.Service;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;

/** What one parameter or field asks for. Immutable. */
record Wish(Class<?> type, Optional<Isolated> annotation, AnnotatedElement place) {

    static Wish of(Parameter parameter) {
        return of(parameter, parameter.getType());
    }

    static Wish of(Field field) {
        return of(field, field.getType());
    }

    private static Wish of(AnnotatedElement place, Class<?> type) {
        return new Wish(type, AnnotationSupport.findAnnotation(place, Isolated.class), place);
    }

    String where() {
        return place instanceof Parameter parameter
                ? "parameter " + parameter + " of " + parameter.getDeclaringExecutable()
                : "field " + place;
    }

    /** Whether it is ours to grant: our own types always, common ones only where they are annotated. */
    boolean ours(Catalog catalog) {
        return annotation.isPresent()
                || type == IsolatedEnvironment.class
                || catalog.service(type).isPresent();
    }

    /** What the environment must hold for this. */
    List<Request> requests(Catalog catalog, Scope scope) {
        if (type == IsolatedEnvironment.class) {
            return named().map(handle -> catalog.service(handle)
                            .map(service -> scope.request(service, annotation))
                            .orElseGet(() -> Request.of(handle)))
                    .toList();
        }
        return List.of(scope.request(service(catalog), annotation));
    }

    /** Takes it out of an environment. */
    Object grant(Catalog catalog, Scope scope, IsolatedEnvironment environment) {
        if (type == IsolatedEnvironment.class) {
            return environment;
        }
        return grant(service(catalog), scope, environment);
    }

    /** Whether it is a view, made for whoever asks; all else is the environment's own. */
    boolean view(Catalog catalog) {
        return type != IsolatedEnvironment.class && catalog.service(type).isEmpty();
    }

    private <H> Object grant(Service<H> service, Scope scope, IsolatedEnvironment environment) {
        H handle = service.handle().cast(environment.get(scope.request(service, annotation)));
        return service.views().getOrDefault(type, it -> it).apply(handle);
    }

    private Service<?> service(Catalog catalog) {
        List<Class<?>> named = named().toList();
        List<Service<?>> able = catalog.services().stream()
                .filter(service -> named.isEmpty() || named.contains(service.handle()))
                .filter(service -> service.handle() == type || service.views().containsKey(type))
                .toList();
        if (able.size() != 1) {
            throw refused(catalog, able);
        }
        return able.get(0);
    }

    private Stream<Class<?>> named() {
        return annotation.stream().flatMap(isolated -> Arrays.stream(isolated.value()));
    }

    private ExtensionConfigurationException refused(Catalog catalog, List<Service<?>> able) {
        String known = catalog.services().stream()
                .flatMap(service -> Stream.concat(
                        Stream.of(service.handle()),
                        service.views().keySet().stream().sorted(Comparator.comparing(Class::getName))))
                .map(Class::getName)
                .distinct()
                .collect(Collectors.joining(", "));
        return new ExtensionConfigurationException(Explanation.couldNot("inject " + where())
                .expected("one service to provide a " + type.getName() + "; what can be had is "
                        + IsolatedEnvironment.class.getName() + ", " + known)
                .found(
                        able.isEmpty()
                                ? "none"
                                : able.stream().map(Service::name).toList() + " which all do")
                .next(
                        able.isEmpty()
                                ? "ask for one of these types, or remove @Isolated"
                                : "name one in the annotation: @Isolated(TheService.class)")
                .toString());
    }
}
