package dev.isolated.redis;

import dev.isolated.spi.Evidence;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A server for one test, which is its administrator there. A server that somebody else has had is nobody's to hand out: the
 * next test gets a new one.
 */
final class ServerSlice implements Slice<Redis> {

    private final OwnServers servers;
    private @Nullable Server server;
    private @Nullable LeasedClient client;

    ServerSlice(OwnServers servers) {
        this.servers = servers;
    }

    /** Starts the server, where none runs. */
    void start() {
        if (server == null) {
            server = servers.start(List.of());
        }
    }

    /** A server that has died while nobody wanted it is replaced. */
    @Override
    public Redis handOut(Tenant tenant) {
        if (running().hold().death().isPresent()) {
            end();
            start();
        }
        var leased = LeasedClient.connecting(Admission.toAServer(tenant), login(running()));
        client = leased;
        return new Redis(leased);
    }

    @Override
    public void reset() {
        end();
    }

    @Override
    public void awaitReset() {
        start();
    }

    @Override
    public List<Evidence> evidence() {
        Server asked = running();
        try (RedisAdmin admin = RedisAdmin.connect(asked)) {
            var place = new Place(0, "", asked.endpoint().user());
            return new DatabaseEvidence(admin, place, asked.endpoint().password()).all();
        }
    }

    @Override
    public void destroy() {
        end();
    }

    @Override
    public String describe() {
        Server now = server;
        return "Redis server " + (now == null ? "(not running)" : now.endpoint().address());
    }

    private void end() {
        if (client != null) {
            client.end();
            client = null;
        }
        Server ended = server;
        if (ended != null) {
            server = null;
            ended.close();
        }
    }

    private Server running() {
        Server now = server;
        if (now == null) {
            throw new IllegalStateException("the server was let go of");
        }
        return now;
    }

    private static Login login(Server server) {
        return new Login(
                server.endpoint(), server.endpoint().user(), server.endpoint().password(), 0);
    }
}
