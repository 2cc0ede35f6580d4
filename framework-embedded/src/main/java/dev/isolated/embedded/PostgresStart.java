package dev.isolated.embedded;

import dev.isolated.error.IsolationException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Tenure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One start of an embedded Postgres: binaries, data directory, process, a password of its own. Used once. */
final class PostgresStart {

    private static final int PORT_ATTEMPTS = 5;
    private static final int SPARE_CONNECTIONS = 20;
    private static final String READY = "database system is ready to accept connections";
    private static final String PORT_TAKEN = "could not bind";

    private final Service<?> service;
    private final Settings settings;
    private final Account account;
    private final Binaries binaries;
    private final Places places;

    PostgresStart(Service<?> service, Settings settings, Account account, Binaries binaries) {
        this.service = service;
        this.settings = settings;
        this.account = account;
        this.binaries = binaries;
        places = new Places(settings, account);
    }

    Server start() throws IOException {
        Path unpacked = binaries.unpacked(places.cache());
        places.requireReachable(unpacked, EmbeddedKeys.CACHE);
        var template = DataTemplate.initialised(unpacked, account, places);
        for (int attempt = 1; ; attempt++) {
            int port = freePort();
            try {
                return serve(run(unpacked, template, port), template, port);
            } catch (IOException e) {
                boolean taken = String.valueOf(e.getMessage()).contains(PORT_TAKEN);
                if (!taken || attempt == PORT_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private GuardedServer run(Path unpacked, DataTemplate template, int port) throws IOException {
        var command = new ArrayList<>(
                List.of(unpacked.resolve("bin/postgres").toString(), "-D", "data", "-p", Integer.toString(port)));
        int connections = settings.get(Keys.ENVIRONMENTS_MAX) + SPARE_CONNECTIONS;
        command.addAll(List.of("-c", "max_connections=" + connections));
        return GuardedServer.start(
                places.running(),
                template.directory(),
                account,
                command,
                READY,
                settings.get(EmbeddedKeys.START_TIMEOUT));
    }

    private Server serve(GuardedServer process, DataTemplate template, int port) {
        var server = new Server(
                service.name(),
                "embedded",
                "",
                Endpoint.plain("127.0.0.1", port, DataTemplate.ADMINISTRATOR, template.password()),
                Tenure.RUN,
                process);
        try {
            return service.takeOver(server);
        } catch (IsolationException e) {
            process.release();
            throw e;
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
