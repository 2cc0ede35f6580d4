package dev.isolated.spi;

import dev.isolated.settings.Key;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of outside system that tests need, found with {@link java.util.ServiceLoader}. Stateless and thread-safe.
 *
 * @param <H> the handle that a test receives
 */
public interface Service<H> {

    /** The name in settings and messages, such as {@code postgres}. */
    String name();

    /** The type by which tests ask for it. */
    Class<H> handle();

    /** The settings it reads. */
    default List<Key<?>> keys() {
        return List.of();
    }

    /**
     * The common types in whose shape the handle can be had, such as a {@code DataSource}, and how. What can be closed is
     * closed with the environment.
     */
    default Map<Class<?>, Function<H, Object>> views() {
        return Map.of();
    }

    /** The isolation modes it offers, the default first. */
    List<String> modes();

    /** Whether its slices can start from a {@link Base}. */
    default boolean takesBases() {
        return false;
    }

    /** What sources must know of it that do not know it by name; empty where only a source made for it can provide it. */
    default Optional<Blueprint> blueprint() {
        return Optional.empty();
    }

    /**
     * Loads what {@link #connect} will need; called while the server is still starting, on a thread of its own.
     *
     * @throws Exception whatever goes wrong, which will show again when somebody really connects
     */
    default void warmUp() throws Exception {}

    /**
     * Takes over a server that a source has just started: changes its administrator's password to one that nobody else
     * knows, and asks for its version. Fails where the server does not let the administrator in.
     */
    default Server takeOver(Server started) {
        return started;
    }

    /** Fails where a server that is in use already does not let its administrator in; changes nothing there. */
    default void check(Server running) {}

    /** Connects to a server and checks that it allows what slices of the plan's mode need. */
    Slices<H> connect(Server server, Plan plan);
}
