package dev.isolated.spi;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Key;
import dev.isolated.settings.Keys;
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

    /**
     * Starts a server for one test alone, which may change there whatever it likes: nobody else finds it, and it ends with
     * its hold, or with this JVM.
     *
     * @param options words of its command line beside the usual
     */
    default Server startOwn(Service<?> service, Settings settings, List<String> options) {
        throw new SettingsException(Explanation.couldNot("start a " + service.name() + " for one test alone")
                .expected("a source that starts such servers")
                .found("the source " + name() + ", which does not")
                .next("choose another mode, or a source that does with " + Keys.source(service.name())
                        + ", such as embedded"));
    }
}
