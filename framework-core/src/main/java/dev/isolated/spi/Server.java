package dev.isolated.spi;

import dev.isolated.settings.Secret;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One running server and its administrator's credentials. Immutable; closing it stops the server where it was started
 * by this run.
 *
 * @param source which source it came from, such as {@code embedded}
 * @param ours whether this run started it, so that everything on it goes when it stops
 * @param death why the server is known to be gone; empty while it is not
 * @param stop stops the server, or does nothing where it is not ours
 */
public record Server(
        String service,
        String source,
        String version,
        String host,
        int port,
        String user,
        Secret password,
        boolean ours,
        Supplier<Optional<String>> death,
        Runnable stop)
        implements AutoCloseable {

    /** Service, version, source and address, for messages. */
    public String describe() {
        return service + " " + version + " (" + source + ", " + host + ":" + port + ")";
    }

    /** The same server after its administrator's password was changed, by when it has told its version. */
    public Server withPassword(Secret changed, String told) {
        return new Server(service, source, told, host, port, user, changed, ours, death, stop);
    }

    @Override
    public void close() {
        stop.run();
    }

    @Override
    public String toString() {
        return describe();
    }
}
