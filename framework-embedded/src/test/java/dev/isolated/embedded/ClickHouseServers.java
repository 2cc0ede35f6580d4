package dev.isolated.embedded;

import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.embedded.front.Front;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Servers for tests about ClickHouse. Stateless. */
final class ClickHouseServers {

    private ClickHouseServers() {}

    /** The embedded one. */
    static Server embedded() {
        var source = new EmbeddedSource();
        Settings settings = Settings.builder()
                .declare(source.keys())
                .layer("test", Map.of())
                .build();
        return source.start(new ClickHouseService(), settings);
    }

    /** The settings of a run with so many tests at once. */
    static Settings settings(int environments, Map<String, String> more) {
        var texts = new HashMap<>(more);
        texts.put(Keys.ENVIRONMENTS_MAX.name(), Integer.toString(environments));
        return Settings.builder()
                .declare(Keys.all())
                .declare(new ClickHouseService().keys())
                .layer("test", texts)
                .build();
    }

    /** The one that the embedded engine is in. */
    static ProcessHandle process(Server server) {
        String port = Integer.toString(server.endpoint().port());
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .filter(it -> it.contains(port) && it.contains(Front.class.getName()))
                        .isPresent())
                .findFirst()
                .orElseThrow();
    }

    /** Does something outside of every slice. */
    static void asAdministrator(Server server, String sql) throws SQLException {
        try (Connection connection = administrator(server);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first value of the first row. */
    static String askAsAdministrator(Server server, String sql) throws SQLException {
        try (Connection connection = administrator(server);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }

    private static Connection administrator(Server server) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:clickhouse://" + server.endpoint().address() + "/default",
                server.endpoint().user(),
                server.endpoint().password().reveal());
    }
}
