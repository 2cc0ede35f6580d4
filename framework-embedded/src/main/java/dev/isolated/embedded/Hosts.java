package dev.isolated.embedded;

import dev.isolated.error.IsolationException;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Tenure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Finds the server that runs for a recipe on this machine, or starts it; one JVM starts while the others wait. Thread-safe. */
final class Hosts {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int PORT_ATTEMPTS = 5;
    private static final int CONNECT_MILLIS = 1_000;
    private static final int HIGHEST_PORT = 55_535;
    private static final int LOOKS_FOR_ROOM = 20;

    private final Settings settings;
    private final Account account;
    private final Places places;

    Hosts(Settings settings, Account account, Places places) {
        this.settings = settings;
        this.account = account;
        this.places = places;
    }

    /** The server that runs already; where none of its service does, nothing is prepared or fetched for one. */
    Optional<Server> running(Service<?> service, Recipe.Maker maker) throws IOException {
        Path parent = places.running();
        return HostDirectory.of(parent, service.name()).isEmpty()
                ? Optional.empty()
                : found(service, maker.make(), parent);
    }

    Server server(Service<?> service, Recipe.Maker maker) throws IOException {
        Path parent = places.running();
        Recipe recipe = maker.make();
        Optional<Server> running = found(service, recipe, parent);
        if (running.isPresent()) {
            return running.get();
        }
        return Once.alone(parent.resolve(recipe.key() + ".lock"), () -> {
            Optional<Server> meanwhile = found(service, recipe, parent);
            if (meanwhile.isPresent()) {
                return meanwhile.get();
            }
            Leftovers.sweep(parent);
            ServerLog.sweep(places.logs(), parent);
            return started(service, recipe, parent, Tenure.SHARED);
        });
    }

    /** A server that nobody else finds, and that goes with its hold. */
    Server own(Service<?> service, Recipe recipe) throws IOException {
        return started(service, recipe, places.running(), Tenure.RUN);
    }

    private Optional<Server> found(Service<?> service, Recipe recipe, Path parent) throws IOException {
        for (HostDirectory directory : HostDirectory.of(parent, recipe.key())) {
            Optional<Server> server = joined(service, recipe, directory);
            if (server.isPresent()) {
                return server;
            }
        }
        return Optional.empty();
    }

    /** The server in a directory, if that is up; one that is about to go is none. */
    private Optional<Server> joined(Service<?> service, Recipe recipe, HostDirectory directory) throws IOException {
        if (!directory.published()) {
            return Optional.empty();
        }
        try {
            Address address = Address.of(directory);
            Client client = Client.announced(directory, ServerLog.of(places.logs(), directory));
            if (!client.awaitWelcome()) {
                return Optional.empty();
            }
            if (!answers(address.port())) {
                client.desert();
                return Optional.empty();
            }
            return Optional.of(
                    server(service, endpoint(recipe, directory, address), address.version(), Tenure.SHARED, client));
        } catch (NoSuchFileException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "{0} went while it was looked at", directory);
            return Optional.empty();
        }
    }

    private Server started(Service<?> service, Recipe recipe, Path parent, Tenure tenure) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                return started(service, recipe, HostDirectory.create(parent, recipe.key()), freePort(), tenure);
            } catch (IOException e) {
                boolean taken = String.valueOf(e.getMessage()).contains(recipe.portTaken());
                if (!taken || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Server started(Service<?> service, Recipe recipe, HostDirectory directory, int port, Tenure tenure)
            throws IOException {
        Host host = Host.begin(
                directory,
                recipe.template(),
                account,
                tenure.outlivesTheRun() ? Host.Stay.after(idle()) : Host.Stay.NONE,
                ServerLog.begin(places.logs(), directory),
                recipe.command().apply(port));
        try {
            host.awaitReady(recipe.ready(), settings.get(EmbeddedKeys.START_TIMEOUT));
            Endpoint initial = endpoint(recipe, directory, new Address(port, "", recipe.password()));
            Server taken = service.takeOver(server(service, initial, "", tenure, Hold.NONE));
            var address = new Address(port, taken.version(), taken.endpoint().password());
            return server(service, taken.endpoint(), taken.version(), tenure, host.dismiss(address));
        } catch (IOException | IsolationException e) {
            host.stop();
            throw e;
        }
    }

    private static Endpoint endpoint(Recipe recipe, HostDirectory directory, Address address) {
        var endpoint = Endpoint.plain(LOOPBACK, address.port(), recipe.user(), address.password());
        return recipe.socket()
                .apply(address.port())
                .flatMap(directory::socket)
                .map(endpoint::withSocket)
                .orElse(endpoint);
    }

    private static Server server(Service<?> service, Endpoint endpoint, String version, Tenure tenure, Hold hold) {
        return new Server(service.name(), EmbeddedSource.NAME, version, endpoint, tenure, hold);
    }

    /** How long the server stays when nobody uses it: builds of a continuous integration end with their machine. */
    private Duration idle() {
        boolean warm = switch (settings.get(EmbeddedKeys.WARM)) {
            case EmbeddedKeys.ON -> true;
            case EmbeddedKeys.OFF -> false;
            default -> !"true".equals(System.getenv("CI"));
        };
        return warm ? settings.get(EmbeddedKeys.IDLE) : Duration.ZERO;
    }

    /** Whether anybody listens; a server that was killed may be gone while its host has not noticed yet. */
    private static boolean answers(int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "nobody answers on port {0}: {1}", Integer.toString(port), e);
            return false;
        }
    }

    /** One that leaves room above it, if any does: what is part of a cluster listens on a second one, 10,000 further up. */
    private static int freePort() throws IOException {
        int port = HIGHEST_PORT + 1;
        for (int attempt = 1; port > HIGHEST_PORT && attempt <= LOOKS_FOR_ROOM; attempt++) {
            try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = socket.getLocalPort();
            }
        }
        return port;
    }
}
