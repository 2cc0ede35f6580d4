package dev.isolated.embedded;

import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
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

    static OwnServer start(Path programs) throws IOException, SQLException {
        Account account = Account.current();
        Path directory = OwnServer.newDirectory();
        Settings settings = OwnServer.apart(directory);
        var places = new Places(settings, account);
        Path workshop = Files.createTempDirectory(places.running(), "initdb-");
        try {
            Secret password = Secret.random();
            account.own(Files.writeString(workshop.resolve(PASSWORD), password.reveal(), StandardCharsets.UTF_8));
            account.own(workshop);
            var initdb =
                    new ArrayList<>(List.of(programs.resolve("initdb").toString(), "-D", "data", "-U", "postgres"));
            initdb.addAll(List.of("--pwfile=" + PASSWORD, "--auth=password", "--encoding=UTF8", "--locale=C", "-N"));
            Programs.run(new ProcessBuilder(account.command(initdb)).directory(workshop.toFile()), "initdb");
            var recipe = new Recipe(
                    "postgres-00000001",
                    workshop.resolve("data"),
                    port -> command(programs, port),
                    port -> Optional.of(PostgresRecipe.socket(port)),
                    "database system is ready to accept connections",
                    "could not bind",
                    "postgres",
                    password);
            return OwnServer.of(
                    new Hosts(settings, account, places).server(OwnServer.SERVICE, () -> recipe), directory);
        } finally {
            Once.delete(workshop);
        }
    }

    private static List<String> command(Path programs, int port) {
        var command = new ArrayList<>(
                List.of(programs.resolve("postgres").toString(), "-D", ".", "-p", Integer.toString(port)));
        command.addAll(List.of("-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=."));
        command.addAll(List.of("-c", "fsync=off", "-c", "max_connections=25", "-c", "lc_messages=C"));
        return command;
    }
}
