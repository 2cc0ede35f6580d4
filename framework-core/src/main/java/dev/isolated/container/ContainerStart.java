package dev.isolated.container;

import dev.isolated.error.IsolationException;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Blueprint;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Tenure;
import java.io.IOException;
import java.time.Duration;

/** Starts containers of one service under one set of settings. Immutable. */
final class ContainerStart {

    /** How long the end of a container may take to show after the engine has lost sight of it. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    /** Far longer than anybody takes from making a container to starting it. */
    private static final Duration ABANDONED = Duration.ofMinutes(5);

    private final Service<?> service;
    private final Settings settings;
    private final Blueprint blueprint;
    private final Engine engine;
    private final Places places;

    ContainerStart(Service<?> service, Settings settings, Engine engine, Places places) {
        this.service = service;
        this.settings = settings;
        this.engine = engine;
        this.places = places;
        blueprint = service.blueprint().orElseThrow();
    }

    /** What a container of that lifetime is made from; its image is there. */
    Recipe recipe(String lifetime) {
        Image image = new ImageFetch(service, settings, engine.images()).fetch();
        return new Recipe(service.name(), image, blueprint, Secret.random(), lifetime);
    }

    /** A new container and the server in it, which has a password that nobody else knows. */
    Server start(Recipe recipe, Tenure tenure) throws IOException {
        sweep();
        RunningContainer container = run(recipe);
        boolean ready = false;
        try {
            Server server = ready(recipe, container, tenure);
            ready = true;
            return server;
        } finally {
            if (!ready) {
                container.end();
            }
        }
    }

    private RunningContainer run(Recipe recipe) throws IOException {
        BoundedLog log = log();
        try {
            return RunningContainer.start(engine, recipe, log);
        } catch (IOException e) {
            log.close();
            throw new StartFailures(recipe).notStarted(e);
        }
    }

    private Server ready(Recipe recipe, RunningContainer container, Tenure tenure) {
        var failures = new StartFailures(recipe);
        Duration limit = settings.get(ContainerKeys.START_TIMEOUT);
        try {
            Server started = server(container, container.port(blueprint.port()), recipe.password(), "", tenure);
            return new Readiness<>(() -> service.takeOver(started), container::death).within(limit);
        } catch (Readiness.NotReady e) {
            String found = String.valueOf(e.getMessage());
            throw e.dead()
                    ? failures.endedEarly(found, e)
                    : failures.neverReady(found, container.output().log().lastWords(), limit, e);
        } catch (IOException e) {
            throw died(container, failures, e);
        }
    }

    /** A container that has ended already has no port any more, which is not the reason. */
    private static IsolationException died(RunningContainer container, StartFailures failures, IOException reason) {
        return container.output().endsWithin(LAST_WORDS)
                ? failures.endedEarly(container.death().orElse("it has ended"), reason)
                : failures.notStarted(reason);
    }

    Server server(RunningContainer container, int port, Secret password, String version, Tenure tenure) {
        var endpoint = Endpoint.plain(engine.address().host(), port, blueprint.user(), password);
        return new Server(service.name(), ContainerSource.NAME, version, endpoint, tenure, container);
    }

    BoundedLog log() throws IOException {
        return places.log(service.name());
    }

    private void sweep() {
        try {
            engine.sweep(ABANDONED);
        } catch (IOException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "could not look for containers that were never started", e);
        }
    }
}
