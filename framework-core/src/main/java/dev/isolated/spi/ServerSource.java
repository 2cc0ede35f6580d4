package dev.isolated.spi;

import dev.isolated.settings.Key;
import dev.isolated.settings.Settings;
import java.util.List;
import java.util.Optional;

/** Where servers come from, found with {@link java.util.ServiceLoader}. Thread-safe. */
public interface ServerSource {

    /** The name in settings and messages, such as {@code embedded}. */
    String name();

    /** The place in the order in which sources are asked; the smallest first. */
    int rank();

    /** The settings it reads. */
    default List<Key<?>> keys() {
        return List.of();
    }

    /** Why this source cannot provide a server of that service here, and what would help; empty where it can. */
    Optional<String> refusal(String service, Settings settings);

    /** Starts or finds a server. */
    Server start(String service, Settings settings);
}
