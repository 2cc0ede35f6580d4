package dev.isolated.embedded;

import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** A server of an older version, from binaries that the operating system's packages have installed. */
final class InstalledServer {

    private static final int OLDEST = 14;
    private static final int NEWEST = 17;
    private static final String PASSWORD = "password";

    private InstalledServer() {}

    /** The directory with the programs of the oldest version that can be used and is installed. */
    static Optional<Path> programs() {
        return IntStream.rangeClosed(OLDEST, NEWEST)
                .mapToObj(version -> Path.of("/usr/lib/postgresql", Integer.toString(version), "bin"))
                .filter(directory -> Files.isExecutable(directory.resolve("initdb")))
                .findFirst();
    }

    static OwnServer start(Path programs) throws IOException {
        Account account = Account.current();
        Path parent = new Places(Settings.builder().declare(EmbeddedKeys.all()).build(), account).running();
        Path workshop = Files.createTempDirectory(parent, "initdb-");
        try {
            Secret password = Secret.random();
            account.own(Files.writeString(workshop.resolve(PASSWORD), password.reveal(), StandardCharsets.UTF_8));
            account.own(workshop);
            var initdb =
                    new ArrayList<>(List.of(programs.resolve("initdb").toString(), "-D", "data", "-U", "postgres"));
            initdb.addAll(List.of("--pwfile=" + PASSWORD, "--auth=password", "--encoding=UTF8", "--locale=C", "-N"));
            Programs.run(new ProcessBuilder(account.command(initdb)).directory(workshop.toFile()), "initdb");
            int port = freePort();
            var command = new ArrayList<>(
                    List.of(programs.resolve("postgres").toString(), "-D", "data", "-p", Integer.toString(port)));
            command.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="));
            command.addAll(List.of("-c", "fsync=off", "-c", "max_connections=25", "-c", "lc_messages=C"));
            GuardedServer process = GuardedServer.start(
                    parent,
                    workshop.resolve("data"),
                    account,
                    command,
                    "database system is ready to accept connections",
                    Duration.ofSeconds(30));
            return new OwnServer(new Server(
                    "postgres",
                    "installed",
                    "",
                    Endpoint.plain("127.0.0.1", port, "postgres", password),
                    Tenure.RUN,
                    process));
        } finally {
            Once.delete(workshop);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
