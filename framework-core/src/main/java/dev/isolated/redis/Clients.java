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
import java.time.Duration;

/** What all clients of this library in a JVM have in common. Stateless. */
final class Clients {

    /** How long one command of the library's own may take; a server that is busy with a script answers late. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int THREADS = 2;

    private Clients() {}

    /** Daemon threads that serve every connection; like a common pool, they last as long as the JVM. */
    private static final class Shared {
        static final ClientResources RESOURCES = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .build();
    }

    static ClientResources resources() {
        return Shared.RESOURCES;
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
