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

    private final Settings settings;
    private final Account account;
    private final Places places;

    Hosts(Settings settings, Account account, Places places) {
        this.settings = settings;
        this.account = account;
        this.places = places;
    }

    /** The server that runs already; where none runs at all, nothing is prepared for one. */
    Optional<Server> running(Service<?> service, Recipe.Maker maker) throws IOException {
        Path parent = places.running();
        return HostDirectory.all(parent).isEmpty() ? Optional.empty() : found(service, maker.make(), parent);
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
            return meanwhile.isPresent() ? meanwhile.get() : started(service, recipe, parent);
        });
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
            return Optional.of(server(service, recipe, directory, address, client));
        } catch (NoSuchFileException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "{0} went while it was looked at", directory);
            return Optional.empty();
        }
    }

    private Server started(Service<?> service, Recipe recipe, Path parent) throws IOException {
        Leftovers.sweep(parent);
        for (int attempt = 1; ; attempt++) {
            try {
                return started(service, recipe, HostDirectory.create(parent, recipe.key()), freePort());
            } catch (IOException e) {
                boolean taken = String.valueOf(e.getMessage()).contains(recipe.portTaken());
                if (!taken || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private Server started(Service<?> service, Recipe recipe, HostDirectory directory, int port) throws IOException {
        Host host = Host.begin(
                directory,
                recipe.template(),
                account,
                idle(),
                ServerLog.begin(places.logs(), directory),
                recipe.command().apply(port));
        try {
            host.awaitReady(recipe.ready(), settings.get(EmbeddedKeys.START_TIMEOUT));
            var initial = new Address(port, "", recipe.password());
            Server taken = service.takeOver(server(service, recipe, directory, initial, Hold.NONE));
            var address = new Address(port, taken.version(), taken.endpoint().password());
            return server(service, recipe, directory, address, host.dismiss(address));
        } catch (IOException | IsolationException e) {
            host.stop();
            throw e;
        }
    }

    private static Server server(
            Service<?> service, Recipe recipe, HostDirectory directory, Address address, Hold hold) {
        var reached = Endpoint.plain(LOOPBACK, address.port(), recipe.user(), address.password());
        Endpoint endpoint = directory
                .socket(recipe.socket().apply(address.port()))
                .map(reached::withSocket)
                .orElse(reached);
        return new Server(
                service.name(), EmbeddedPostgresSource.NAME, address.version(), endpoint, Tenure.SHARED, hold);
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

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
