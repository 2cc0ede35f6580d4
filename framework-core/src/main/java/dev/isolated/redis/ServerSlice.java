package dev.isolated.redis;

import dev.isolated.error.IsolationException;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server for one test, or a cluster, where the test is the administrator. One that somebody else has had is nobody's to
 * hand out: the next test gets a new one.
 */
final class ServerSlice implements Slice<Redis> {

    private final Supplier<Instance> starter;
    private @Nullable Instance instance;
    private @Nullable LeasedClient client;
    private long handedOut;

    ServerSlice(Supplier<Instance> starter) {
        this.starter = starter;
    }

    /** Starts an instance, where none runs. */
    void start() {
        if (instance == null) {
            instance = starter.get();
        }
    }

    /** What has died while nobody wanted it is replaced. */
    @Override
    public Redis handOut(Tenant tenant) {
        if (running().dead()) {
            end();
            start();
        }
        Instance given = running();
        Endpoint endpoint = given.first().endpoint();
        var login = new Login(endpoint, endpoint.user(), endpoint.password(), 0);
        var leased = LeasedClient.connecting(Admission.toAServer(tenant), login, given.clustered());
        client = leased;
        handedOut = System.nanoTime();
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
        var all = new ArrayList<Evidence>();
        if (client != null) {
            all.add(client.lastCommands());
        }
        running().servers().forEach(server -> all.addAll(told(server)));
        return all;
    }

    /** Its test may have stopped it, or have changed its password; the other servers' is told then, too. */
    private List<Evidence> told(Server server) {
        String title = "what is on " + server.describe();
        Optional<String> death = server.hold().death();
        if (death.isPresent()) {
            return List.of(new Evidence(title, "could not be had: it has ended before (" + death.get() + ")"));
        }
        Endpoint endpoint = server.endpoint();
        try (RedisAdmin admin = RedisAdmin.connect(server)) {
            return new DatabaseEvidence(admin, 0, endpoint.user(), endpoint.password(), handedOut).all();
        } catch (IsolationException e) {
            return List.of(new Evidence(
                    title,
                    "could not be had: the test, which is its administrator, may have stopped it or changed its"
                            + " password. " + e.getMessage()));
        }
    }

    @Override
    public void destroy() {
        end();
    }

    @Override
    public String describe() {
        Instance now = instance;
        return now == null ? "Redis server (not running)" : now.describe();
    }

    private void end() {
        if (client != null) {
            client.end();
            client = null;
        }
        Instance ended = instance;
        if (ended != null) {
            instance = null;
            ended.close();
        }
    }

    private Instance running() {
        Instance now = instance;
        if (now == null) {
            throw new IllegalStateException("what was running was let go of");
        }
        return now;
    }
}
