package dev.isolated.embedded;

import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Map;

/** Starts a server, says so, and keeps it until its input ends. */
final class ServerMain {

    static final String READY = "the server is ready";

    private ServerMain() {}

    public static void main(String[] arguments) throws IOException {
        Settings settings = Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer("test", Map.of("isolated.embedded.directory", arguments[0]))
                .layer("cold", Map.of("isolated.embedded.warm", "off"))
                .layer("cache", arguments.length > 1 ? Map.of("isolated.embedded.cache", arguments[1]) : Map.of())
                .build();
        PrintStream parent = System.out;
        try (Server server = new EmbeddedSource().start(new PostgresService(), settings)) {
            parent.println(server.hold().death().orElse(READY));
            while (System.in.read() >= 0) {
                // Until the parent closes it.
            }
        }
    }
}
