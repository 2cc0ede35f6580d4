package dev.isolated.external;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import dev.isolated.spi.Tenure;
import dev.isolated.spi.Tls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The user's own servers, found by their addresses; {@link java.util.ServiceLoader} makes it. One that is configured and
 * cannot be used fails: nothing else takes its place. Thread-safe.
 */
public final class ExternalSource implements ServerSource {

    private static final int FIRST = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @Override
    public String name() {
        return "external";
    }

    @Override
    public int rank() {
        return FIRST;
    }

    @Override
    public List<Key<?>> keys(Service<?> service) {
        return of(service).map(ExternalKeys::all).orElse(List.of());
    }

    @Override
    public Map<String, String> variables(Service<?> service, Map<String, String> environment) {
        return of(service).map(keys -> keys.variables(environment)).orElse(Map.of());
    }

    @Override
    public Optional<String> refusal(Service<?> service, Settings settings) {
        Optional<ExternalKeys> keys = of(service);
        if (keys.isEmpty()) {
            return Optional.of("it knows no servers of " + service.name());
        }
        Key<String> host = keys.get().host();
        return settings.get(host).isEmpty() ? Optional.of(host + " is not set") : Optional.empty();
    }

    @Override
    public Server start(Service<?> service, Settings settings) {
        ExternalKeys keys = of(service).orElseThrow();
        var endpoint = new Endpoint(
                settings.get(keys.host()),
                settings.get(keys.port()),
                settings.get(keys.user()),
                settings.get(keys.password()),
                Tls.valueOf(settings.get(keys.tls()).toUpperCase(Locale.ROOT)),
                Optional.of(settings.get(keys.authority()))
                        .filter(path -> !path.isEmpty())
                        .map(Path::of));
        requireReachable(endpoint, keys);
        return new Server(service.name(), name(), "", endpoint, Tenure.FOREIGN, Hold.NONE);
    }

    private static Optional<ExternalKeys> of(Service<?> service) {
        return service.blueprint().map(blueprint -> ExternalKeys.of(service, blueprint));
    }

    private static void requireReachable(Endpoint endpoint, ExternalKeys keys) {
        var address = new InetSocketAddress(endpoint.host(), endpoint.port());
        if (address.isUnresolved()) {
            throw unreachable(endpoint, "no host of that name", "correct " + keys.host(), null);
        }
        try (var socket = new Socket()) {
            socket.connect(address, (int) PATIENCE.toMillis());
        } catch (SocketTimeoutException e) {
            throw unreachable(
                    endpoint,
                    "no answer within " + PATIENCE.toSeconds() + " s",
                    "check the network and its firewalls, and " + keys.host(),
                    e);
        } catch (IOException e) {
            throw unreachable(
                    endpoint,
                    String.valueOf(e.getMessage()),
                    "start the server, or correct " + keys.host() + " and " + keys.port(),
                    e);
        }
    }

    private static IsolationException unreachable(
            Endpoint endpoint, String found, String next, @Nullable IOException cause) {
        return new IsolationException(
                Explanation.couldNot("reach your own server at " + endpoint.address())
                        .expected("it to accept connections there")
                        .found(found)
                        .next(next),
                cause);
    }
}
