package dev.isolated.redis;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Tenant;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How one lease gets at its Redis: each thing is made when it is first wanted, and none when the lease is over. Thread-safe. */
final class LeasedClient {

    private final Admission admission;
    private final Login login;
    private final @Nullable Supplier<StatefulRedisConnection<String, String>> lender;
    private final boolean clustered;
    private @Nullable TenantClient client;
    private @Nullable TenantClient sharing;
    private @Nullable TenantClusterClient cluster;
    private @Nullable StatefulRedisConnection<String, String> connection;
    private boolean told;

    private LeasedClient(
            Admission admission,
            Login login,
            boolean clustered,
            @Nullable Supplier<StatefulRedisConnection<String, String>> lender) {
        this.admission = admission;
        this.login = login;
        this.clustered = clustered;
        this.lender = lender;
    }

    /** One whose own connection is the kept one of its slice. */
    static LeasedClient lending(Admission admission, Login login, KeptConnection kept) {
        return new LeasedClient(admission, login, false, () -> kept.lend(admission));
    }

    /** One that opens its own connection. */
    static LeasedClient connecting(Admission admission, Login login, boolean clustered) {
        return new LeasedClient(admission, login, clustered, null);
    }

    Tenant tenant() {
        return admission.tenant();
    }

    /** What the test has sent last, as far as it went this way. */
    Evidence lastCommands() {
        return admission.last().evidence();
    }

    Target target() {
        return login.target();
    }

    /** Leads there with the password, which from now on is known outside of this library. */
    synchronized Login login() {
        tenant().verify();
        told = true;
        return login;
    }

    synchronized RedisClient client() {
        login();
        TenantClient made = client;
        if (made == null) {
            made = new TenantClient(admission, login);
            client = made;
        }
        return made;
    }

    /** For a cluster, whose first node the login leads to. */
    synchronized RedisClusterClient cluster() {
        Login node = login();
        if (!clustered) {
            throw new IsolationException(Explanation.couldNot("open a cluster for " + tenant().name())
                    .expected("that the test has asked for one")
                    .found("that its Redis is a single server")
                    .next("give it @Isolated(mode = \"" + RedisService.CLUSTER + "\")"));
        }
        TenantClusterClient made = cluster;
        if (made == null) {
            made = new TenantClusterClient(admission, node);
            cluster = made;
        }
        return made;
    }

    synchronized StatefulRedisConnection<String, String> connection() {
        tenant().verify();
        if (clustered) {
            throw new IsolationException(Explanation.couldNot("share a connection for " + tenant().name())
                    .expected("a Redis that is a single server")
                    .found("a cluster, whose keys are on three of them")
                    .next("use Redis.cluster(), or Redis.client() for the first of its servers"));
        }
        StatefulRedisConnection<String, String> open = connection;
        if (open == null) {
            open = lender == null ? connected() : lender.get();
            connection = open;
        }
        return open;
    }

    private StatefulRedisConnection<String, String> connected() {
        var made = new TenantClient(admission, login());
        sharing = made;
        return made.connectOnce();
    }

    /**
     * Closes everything that the client has opened, without waiting, and reports what the test should have closed.
     *
     * @return whether anybody may know the password
     */
    synchronized boolean end() {
        TenantClient ended = client;
        if (ended != null) {
            report(ended.openings(), "client");
            client = null;
            shutDown(ended);
        }
        if (sharing != null) {
            shutDown(sharing);
            sharing = null;
        }
        TenantClusterClient clusters = cluster;
        if (clusters != null) {
            report(clusters.openings(), "cluster");
            cluster = null;
            shutDown(clusters);
        }
        return told;
    }

    private void shutDown(AbstractRedisClient ended) {
        CompletableFuture<Void> closed = ended.shutdownAsync(0, Clients.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        var unused = closed.whenComplete((done, failure) -> {
            if (failure != null) {
                Log.LOGGER.log(
                        System.Logger.Level.WARNING, "the client of " + tenant().name() + " did not close", failure);
            }
        });
    }

    private void report(Openings<?> openings, String method) {
        openings.origins().forEach(it -> tenant().report(it.of("a connection opened with Redis." + method + "()")));
    }
}
