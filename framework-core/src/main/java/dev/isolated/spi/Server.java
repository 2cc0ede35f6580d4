package dev.isolated.spi;

import dev.isolated.settings.Secret;

/**
 * One running server. Immutable; closing it ends this run's hold on it.
 *
 * @param source which source it came from, such as {@code embedded}
 * @param version empty until somebody has asked it
 */
public record Server(String service, String source, String version, Endpoint endpoint, Tenure tenure, Hold hold)
        implements AutoCloseable {

    /** Service, version, source and address, for messages. */
    public String describe() {
        return service + (version.isEmpty() ? "" : " " + version) + " (" + source + ", " + endpoint.address() + ")";
    }

    /** The same server after its administrator's password was changed, by when it has told its version. */
    public Server withPassword(Secret changed, String told) {
        return new Server(service, source, told, endpoint.withPassword(changed), tenure, hold);
    }

    @Override
    public void close() {
        hold.release();
    }

    @Override
    public String toString() {
        return describe();
    }
}
