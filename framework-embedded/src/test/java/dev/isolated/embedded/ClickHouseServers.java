package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.embedded.front.Front;
import dev.isolated.external.ExternalSource;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Servers for tests about ClickHouse. Stateless. */
final class ClickHouseServers {

    private ClickHouseServers() {}

    /** The embedded one, which other builds may use, too. */
    static Server embedded() {
        return embedded(Map.of());
    }

    /** One that nobody else uses. */
    static Server embeddedIn(Path directory) throws IOException {
        return embeddedIn(directory, "auto");
    }

    /** The same from what a setting says. */
    static Server embeddedIn(Path directory, String clickhouse) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        return embedded(Map.of(
                "isolated.embedded.directory",
                directory.toString(),
                "isolated.embedded.warm",
                "off",
                "isolated.embedded.clickhouse",
                clickhouse));
    }

    /** Waits until nothing is left of those. */
    static void awaitEnd(Path directory) {
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(EmbeddedPostgresTest.runDirectories(directory))
                        .isEmpty());
    }

    private static Server embedded(Map<String, String> texts) {
        var source = new EmbeddedSource();
        Settings settings =
                Settings.builder().declare(source.keys()).layer("test", texts).build();
        return source.start(new ClickHouseService(), settings);
    }

    /** One as if it were the user's own, with some user as its administrator. */
    static Server external(Endpoint endpoint, String user, String password) {
        var source = new ExternalSource();
        var service = new ClickHouseService();
        return source.start(
                service,
                Settings.builder()
                        .declare(source.keys(service))
                        .layer(
                                "test",
                                Map.of(
                                        "isolated.clickhouse.host",
                                        endpoint.host(),
                                        "isolated.clickhouse.port",
                                        Integer.toString(endpoint.port()),
                                        "isolated.clickhouse.user",
                                        user,
                                        "isolated.clickhouse.password",
                                        password))
                        .build());
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
