package dev.isolated.embedded;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Opens an environment, works in it, says so, and keeps it until its input ends. */
final class ExternalMain {

    private ExternalMain() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        var catalog = Catalog.found();
        var settings =
                catalog.settings(Map.of("isolated.postgres.scripts", "dev/isolated/embedded/contract.sql"), Map.of());
        PrintStream parent = System.out;
        try (var environments = new Environments(catalog, settings, new SimpleMeterRegistry());
                IsolatedEnvironment environment =
                        environments.open("KilledTest.dies", List.of(Request.of(Postgres.class)));
                Connection connection = environment.get(Postgres.class).connection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO entries VALUES ('key', 'of the dying')");
            parent.println(ServerMain.READY);
            while (System.in.read() >= 0) {
                // Until the parent kills it.
            }
        }
    }
}
