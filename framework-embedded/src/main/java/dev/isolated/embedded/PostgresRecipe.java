package dev.isolated.embedded;

import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** How Postgres is run from binaries on the class path. Stateless. */
final class PostgresRecipe {

    private static final int SPARE_CONNECTIONS = 20;
    private static final String READY = "database system is ready to accept connections";
    private static final String PORT_TAKEN = "could not bind";

    private PostgresRecipe() {}

    /** Unpacks and initialises what is not there yet. */
    static Recipe of(Binaries binaries, Settings settings, Account account, Places places) throws IOException {
        Path unpacked = binaries.unpacked(places.cache());
        places.requireReachable(unpacked, EmbeddedKeys.CACHE);
        var template = DataTemplate.initialised(unpacked, account, places);
        String program = unpacked.resolve("bin/postgres").toString();
        int connections = Math.max(
                settings.get(EmbeddedKeys.CONNECTIONS), settings.get(Keys.ENVIRONMENTS_MAX) + SPARE_CONNECTIONS);
        int kind = Objects.hash(template.directory().toString(), connections, Host.VERSION);
        return new Recipe(
                String.format("postgres-%08x", kind),
                template.directory(),
                port -> List.of(
                        program, "-D", ".", "-p", Integer.toString(port), "-c", "max_connections=" + connections),
                port -> Optional.of(socket(port)),
                READY,
                PORT_TAKEN,
                DataTemplate.ADMINISTRATOR,
                template.password());
    }

    /** How Postgres calls the socket that belongs to a port. */
    static String socket(int port) {
        return ".s.PGSQL." + port;
    }
}
