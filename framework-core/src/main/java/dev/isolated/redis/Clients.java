package dev.isolated.redis;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Tls;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import io.lettuce.core.SslVerifyMode;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.Delay;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What all clients of this library in a JVM have in common. Stateless. */
final class Clients {

    /** How long one command of the library's own may take; a server that is busy with a script answers late. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int THREADS = 2;
    private static final Duration SOONEST = Duration.ofMillis(5);
    private static final Duration LATEST = Duration.ofMillis(250);

    private Clients() {}

    /**
     * Daemon threads; like a common pool, they last as long as the JVM. A test may block those that answer it, so the
     * administrators' are others; and their connections come back well before a lease has expired.
     */
    private static final class Shared {
        static final ClientResources ADMINISTRATORS = withThreads(THREADS)
                .reconnectDelay(Delay.exponential(SOONEST, LATEST, 2, TimeUnit.MILLISECONDS))
                .build();
        static final ClientResources TENANTS = withThreads(
                        Math.max(THREADS, Runtime.getRuntime().availableProcessors()))
                .build();

        private static ClientResources.Builder withThreads(int count) {
            return DefaultClientResources.builder().ioThreadPoolSize(count).computationThreadPoolSize(THREADS);
        }
    }

    /** For what runs only code of the library's own. */
    static ClientResources ofAdministrators() {
        return Shared.ADMINISTRATORS;
    }

    /** For what may run tests' code when an answer comes. */
    static ClientResources ofTenants() {
        return Shared.TENANTS;
    }

    /** Where and as whom a client logs in. */
    static RedisURI uri(Endpoint endpoint, String user, Secret password, int database) {
        RedisURI.Builder builder = RedisURI.builder()
                .withHost(endpoint.host())
                .withPort(endpoint.port())
                .withDatabase(database)
                .withTimeout(PATIENCE)
                .withSsl(endpoint.tls() != Tls.OFF)
                .withVerifyPeer(endpoint.tls() == Tls.VERIFY ? SslVerifyMode.FULL : SslVerifyMode.NONE);
        if (!password.reveal().isEmpty()) {
            builder.withAuthentication(user, password.reveal().toCharArray());
        }
        return builder.build();
    }

    static ClientOptions options(Endpoint endpoint) {
        ClientOptions.Builder options = ClientOptions.builder();
        endpoint.authority()
                .ifPresent(file -> options.sslOptions(
                        SslOptions.builder().trustManager(file.toFile()).build()));
        return options.build();
    }
}
