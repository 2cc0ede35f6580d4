package dev.isolated.spi;

import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where servers come from, found with {@link java.util.ServiceLoader}. Thread-safe. */
public interface ServerSource {

    /** The name in settings and messages, such as {@code embedded}. */
    String name();

    /** The place in the order in which sources are asked; the smallest first. */
    int rank();

    /** The settings it reads whatever the service. */
    default List<Key<?>> keys() {
        return List.of();
    }

    /** The settings it reads for one service. */
    default List<Key<?>> keys(Service<?> service) {
        return List.of();
    }

    /** Settings that it takes from environment variables of other names than the settings' own; they are weaker than those. */
    default Map<String, String> variables(Service<?> service, Map<String, String> environment) {
        return Map.of();
    }

    /** Why this source cannot provide a server of that service here, and what would help; empty where it can. */
    Optional<String> refusal(Service<?> service, Settings settings);

    /** A server that runs already, if it can be had at once; nothing is started. */
    default Optional<Server> running(Service<?> service, Settings settings) {
        return Optional.empty();
    }

    /** Starts or finds a server. */
    Server start(Service<?> service, Settings settings);
}
