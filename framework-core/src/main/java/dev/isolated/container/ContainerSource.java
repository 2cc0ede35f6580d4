package dev.isolated.container;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import dev.isolated.spi.Tenure;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Starts servers in Docker containers, for every service with a blueprint, if Testcontainers is on the class path.
 * {@link java.util.ServiceLoader} makes it. Thread-safe.
 */
public final class ContainerSource implements ServerSource {

    static final String NAME = "container";

    private static final int AFTER_EMBEDDED = 300;
    private static final Duration IDLE = Duration.ofMinutes(5);

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int rank() {
        return AFTER_EMBEDDED;
    }

    @Override
    public List<Key<?>> keys() {
        return ContainerKeys.general();
    }

    @Override
    public List<Key<?>> keys(Service<?> service) {
        return ContainerKeys.of(service);
    }

    @Override
    public Optional<String> refusal(Service<?> service, Settings settings) {
        if (service.blueprint().isEmpty()) {
            return Optional.of("it knows no image of " + service.name());
        }
        if (!Docker.loadable()) {
            return Optional.of(Docker.MISSING);
        }
        try {
            Docker.engine();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(
                    "Docker does not answer (" + e.getMessage() + "); start it, or say where it is with DOCKER_HOST");
        }
    }

    @Override
    public Server start(Service<?> service, Settings settings) {
        return attempt(service, () -> start(service, settings, Places.ofUser(), IDLE));
    }

    @Override
    public Server startOwn(Service<?> service, Settings settings, List<String> options) {
        return attempt(service, () -> {
            var start = new ContainerStart(service, settings, Docker.engine(), Places.ofUser());
            return start.start(start.recipe(Recipe.WITH_INPUT).with(options), Tenure.RUN);
        });
    }

    private interface Start {
        Server now() throws IOException;
    }

    private static Server attempt(Service<?> service, Start start) {
        try {
            return start.now();
        } catch (IOException e) {
            throw new IsolationException(
                    Explanation.couldNot("start " + service.name() + " in a container")
                            .found(String.valueOf(e.getMessage()))
                            .next("check that Docker answers, and the rights in the user's cache directory"),
                    e);
        }
    }

    static Server start(Service<?> service, Settings settings, Places places, Duration idle) throws IOException {
        Engine engine = Docker.engine();
        if (settings.get(ContainerKeys.reuse(service)).equals(ContainerKeys.YES)) {
            return new SharedContainers(service, settings, engine, places).findOrStart(idle);
        }
        var start = new ContainerStart(service, settings, engine, places);
        return start.start(start.recipe(Recipe.WITH_INPUT), Tenure.RUN);
    }
}
