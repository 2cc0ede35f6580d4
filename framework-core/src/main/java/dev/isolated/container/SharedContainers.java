package dev.isolated.container;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Tenure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The containers that a user's JVMs share, one for each configuration on each engine. Whoever comes first starts it, whoever
 * comes later finds its address in a file; it ends by itself when nobody has been connected for a while. Immutable.
 */
final class SharedContainers {

    /** It has been ready before, so this is not for its start but for a moment in which it is full. */
    private static final Duration LOGIN = Duration.ofSeconds(3);

    private final Service<?> service;
    private final Settings settings;
    private final Engine engine;
    private final Places places;
    private final ContainerStart start;

    SharedContainers(Service<?> service, Settings settings, Engine engine, Places places) {
        this.service = service;
        this.settings = settings;
        this.engine = engine;
        this.places = places;
        start = new ContainerStart(service, settings, engine, places);
    }

    /** The server that is there, or a new one, which lasts until it has had no connection for that time. */
    Server findOrStart(Duration idle) throws IOException {
        Recipe recipe = start.recipe(Long.toString(idle.toSeconds()));
        String name = service.name() + "-" + recipe.fingerprint(engine.identity());
        Path file = places.directory().resolve(name + ".properties");
        UserLock lock = lock(places.directory().resolve(name + ".lock"));
        try {
            Optional<Server> found = find(file);
            return found.isPresent() ? found.get() : startFor(recipe, file);
        } finally {
            lock.close();
        }
    }

    private UserLock lock(Path file) {
        Duration patience = settings.get(Keys.START_TIMEOUT);
        try {
            return UserLock.on(file, patience);
        } catch (IOException e) {
            throw new IsolationException(
                    Explanation.couldNot("share a container of " + service.name())
                            .expected("whoever is just starting it to be done within " + patience.toMillis() + " ms")
                            .found(String.valueOf(e.getMessage()))
                            .next("end the process that holds the file (fuser or lsof name it), or set "
                                    + ContainerKeys.reuse(service) + " to no"),
                    e);
        }
    }

    /** The server that a file names, if it is there and still knows the password. */
    private Optional<Server> find(Path file) throws IOException {
        Optional<SharedAddress> known = SharedAddress.read(file);
        if (known.isEmpty() || !engine.running(known.get().container())) {
            return Optional.empty();
        }
        try {
            return Optional.of(join(known.get()));
        } catch (IOException | Readiness.NotReady e) {
            Log.LOGGER.log(System.Logger.Level.INFO, "the container of {0} is replaced: {1}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * One that has begun to stop refuses the login or says so in a file; one that has not takes the login for a sign that it
     * is needed, which it looks for once more after it has made that file.
     */
    private Server join(SharedAddress known) throws IOException, Readiness.NotReady {
        RunningContainer container = RunningContainer.join(engine, known.container(), start.log());
        boolean joined = false;
        try {
            Server server = start.server(container, known.port(), known.password(), known.version(), Tenure.SHARED);
            Server checked = new Readiness<>(() -> checked(server), container::death).within(LOGIN);
            if (engine.holds(known.container(), Recipe.STOPPING)) {
                throw new IOException("it is about to stop");
            }
            joined = true;
            return checked;
        } finally {
            if (!joined) {
                container.release();
            }
        }
    }

    private Server checked(Server server) {
        service.check(server);
        return server;
    }

    private Server startFor(Recipe recipe, Path file) throws IOException {
        Server server = start.start(recipe, Tenure.SHARED);
        var container = (RunningContainer) server.hold();
        try {
            new SharedAddress(
                            container.id(),
                            server.endpoint().port(),
                            server.endpoint().password(),
                            server.version())
                    .write(file);
            return server;
        } catch (IOException e) {
            container.end();
            throw e;
        }
    }
}
