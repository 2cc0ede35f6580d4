package dev.isolated.redis;

import dev.isolated.error.IsolationException;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Server;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What runs for one test alone: a server, or the servers of a cluster. Immutable. */
record Instance(List<Server> servers) implements AutoCloseable {

    /** As many databases as Redis has by itself: the code under test is to find what it will find. */
    static final List<String> DATABASES = List.of("--databases", "16");

    Instance {
        servers = List.copyOf(servers);
    }

    static Instance single(OwnServers own) {
        return new Instance(List.of(own.start(DATABASES)));
    }

    /** Where clients begin; the others of a cluster they learn there. */
    Server first() {
        return servers.get(0);
    }

    boolean clustered() {
        return servers.size() > 1;
    }

    /** Whether one of its servers has ended by itself. */
    boolean dead() {
        return servers.stream().anyMatch(server -> server.hold().death().isPresent());
    }

    String describe() {
        return servers.stream()
                .map(server -> server.endpoint().address())
                .collect(Collectors.joining(", ", clustered() ? "Redis cluster " : "Redis server ", ""));
    }

    /** Ends every server, whatever happens to the others. */
    @Override
    public void close() {
        IsolationException failure = null;
        for (Server server : servers) {
            failure = closed(server, failure);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable IsolationException closed(Server server, @Nullable IsolationException before) {
        try {
            server.close();
            return before;
        } catch (IsolationException e) {
            if (before == null) {
                return e;
            }
            before.addSuppressed(e);
            return before;
        }
    }
}
