package dev.isolated.embedded;

import dev.isolated.settings.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * How a server is run. Immutable.
 *
 * @param key names the kind of server and whatever makes one different from another: who has the same key shares it
 * @param template the data directory that is copied
 * @param command the server's command line for a port
 * @param socket the name of its socket in the data directory, for a port; empty where it has none
 * @param ready what its log says when it is ready
 * @param portTaken what its log says when another has the port
 * @param user the administrator
 * @param password the administrator's until the server has started
 */
record Recipe(
        String key,
        Path template,
        IntFunction<List<String>> command,
        IntFunction<Optional<String>> socket,
        String ready,
        String portTaken,
        String user,
        Secret password) {

    /** Makes a recipe, with what it needs on this machine. */
    interface Maker {
        Recipe make() throws IOException;
    }
}
