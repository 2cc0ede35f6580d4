package dev.isolated.external;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import dev.isolated.spi.Tenure;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Servers that settings lead to and that somebody else looks after; {@link java.util.ServiceLoader} makes it. Stateless.
 * One that is configured and cannot be reached is a failure, never a reason to ask the next source.
 */
public final class ExternalSource implements ServerSource {

    private static final int FIRST = 100;

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
        return keysOf(service).map(ExternalKeys::all).orElse(List.of());
    }

    @Override
    public Map<String, String> variables(Service<?> service, Map<String, String> environment) {
        return service.blueprint()
                .map(it -> new Convention(service.name(), it, ExternalKeys.of(service.name(), it)).texts(environment))
                .orElse(Map.of());
    }

    @Override
    public Optional<String> refusal(Service<?> service, Settings settings) {
        Optional<ExternalKeys> keys = keysOf(service);
        if (keys.isEmpty()) {
            return Optional.of(service.name() + " does not say how a server of it is reached");
        }
        Key<String> host = keys.get().host();
        return settings.get(host).isEmpty() ? Optional.of(host + " is not set") : Optional.empty();
    }

    @Override
    public Server start(Service<?> service, Settings settings) {
        ExternalKeys keys = keysOf(service).orElseThrow();
        var endpoint = new Endpoint(
                settings.get(keys.host()),
                settings.get(keys.port()),
                settings.get(keys.user()),
                settings.get(keys.password()),
                settings.get(keys.tls()),
                authority(settings, keys.authority()),
                Optional.empty());
        new Reach(service.name(), endpoint.host(), endpoint.port(), keys).require();
        return new Server(service.name(), name(), "", endpoint, Tenure.FOREIGN, Hold.NONE);
    }

    private static Optional<ExternalKeys> keysOf(Service<?> service) {
        return service.blueprint().map(it -> ExternalKeys.of(service.name(), it));
    }

    private static Optional<Path> authority(Settings settings, Key<String> key) {
        String text = settings.get(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path path = Path.of(text);
            if (Files.isRegularFile(path) && Files.isReadable(path)) {
                return Optional.of(path);
            }
            throw unreadable(key, path.toAbsolutePath().toString());
        } catch (InvalidPathException e) {
            throw unreadable(key, e.getInput());
        }
    }

    private static SettingsException unreadable(Key<String> key, String what) {
        return new SettingsException(Explanation.couldNot("use the setting " + key)
                .expected("a file that this JVM can read")
                .found("none at " + what)
                .next("correct it, or remove it for the certificates that Java trusts"));
    }
}
