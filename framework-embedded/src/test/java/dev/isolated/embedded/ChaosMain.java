package dev.isolated.embedded;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Request;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/**
 * A test run: opens one environment after another, says which database each had, and checks that it is alone in it. Ends
 * when its input does, or with the first failure.
 */
final class ChaosMain {

    static final String FOREIGN_DATA = "foreign data: ";

    private ChaosMain() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream parent = System.out;
        Catalog catalog = Catalog.found();
        var settings = catalog.settings(
                Map.of(
                        "isolated.embedded.directory",
                        arguments[0],
                        "isolated.embedded.warm",
                        arguments[1],
                        "isolated.embedded.idle",
                        "1s",
                        "isolated.postgres.scripts",
                        "dev/isolated/embedded/contract.sql"),
                Map.of());
        try (var environments = new Environments(catalog, settings)) {
            while (System.in.available() == 0) {
                try (IsolatedEnvironment environment =
                        environments.open("chaos", List.of(Request.of(Postgres.class)))) {
                    parent.println(use(environment.get(Postgres.class)));
                }
            }
        } catch (IsolationException | SQLException e) {
            // Somebody killed what it stood on, which it says as any test run would.
            parent.println("failed: " + e.getMessage());
        }
    }

    private static String use(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO entries VALUES ('the same key', '"
                    + ProcessHandle.current().pid() + "')");
            try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM entries")) {
                rows.next();
                return rows.getInt(1) == 1 ? postgres.database() : FOREIGN_DATA + rows.getInt(1) + " rows";
            }
        }
    }
}
