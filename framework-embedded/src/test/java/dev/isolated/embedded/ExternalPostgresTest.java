package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import dev.isolated.external.ExternalSource;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Request;
import dev.isolated.spi.Server;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server of somebody else's, named by settings, that has things on it which are none of our business. */
class ExternalPostgresTest {

    private static final String CATALOG = """
            SELECT 'database ' || (to_jsonb(d) - 'datfrozenxid')::text FROM pg_database d
            UNION ALL SELECT 'role ' || to_jsonb(r)::text FROM pg_authid r
            UNION ALL SELECT 'member ' || to_jsonb(m)::text FROM pg_auth_members m
            ORDER BY 1
            """;

    private static final List<Request> POSTGRES = List.of(Request.of(Postgres.class));

    @TempDir
    private Path directory;

    private Server server;

    @BeforeEach
    void startServer() throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        server = new EmbeddedPostgresSource()
                .start(
                        new PostgresService(),
                        Settings.builder()
                                .declare(EmbeddedKeys.all())
                                .layer(
                                        "test",
                                        Map.of(
                                                "isolated.embedded.directory",
                                                directory.toString(),
                                                "isolated.embedded.warm",
                                                "off"))
                                .build());
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    @Test
    void nothingIsTouchedThatIsNotOurs() throws Exception {
        // Names that look like a dead run's, of a role and a database that are somebody's own.
        ModestAdministrator.execute(server, "CREATE ROLE isolated_deadbeef_1");
        ModestAdministrator.execute(server, "CREATE ROLE isolated_deadbeef_2");
        ModestAdministrator.execute(server, "CREATE DATABASE isolated_deadbeef_2 OWNER isolated_deadbeef_2");
        ModestAdministrator.execute(server, "CREATE DATABASE shop");
        List<String> before = catalog();

        try (Environments environments = environments(Map.of())) {
            try (IsolatedEnvironment environment = environments.open("a test", POSTGRES);
                    Connection connection = environment.get(Postgres.class).connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE mine (id integer)");
                assertThat(catalog()).hasSizeGreaterThan(before.size());
            }
            awaitSweeps();
        }

        assertThat(catalog()).isEqualTo(before);
    }

    @Test
    void aRunWhoseConnectionIsCutKeepsWhatItHas() throws Exception {
        try (Environments witness = environments(Map.of());
                Environments cut = environments(Map.of());
                IsolatedEnvironment environment = cut.open("a test", POSTGRES)) {
            witness.open("another test", POSTGRES).close();
            String database = environment.get(Postgres.class).database();
            String run = database.substring("isolated_".length(), database.lastIndexOf('_'));

            new PostgresProbe(server).crash(run);

            awaitSweeps();
            assertThat(catalog()).anyMatch(line -> line.contains(database));
        }
    }

    @Test
    void everythingThatTheAdministratorMayNotIsNamedAtOnce() throws Exception {
        ModestAdministrator.execute(server, "CREATE ROLE powerless LOGIN PASSWORD 'pw'");

        assertThatThrownBy(() -> open(Map.of(
                        "isolated.postgres.user", "powerless",
                        "isolated.postgres.password", "pw")))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining(
                        "expected version 14 or newer, and an administrator who may create databases and roles")
                .hasMessageContaining("that powerless may not create databases (ALTER ROLE powerless CREATEDB);"
                        + " that powerless may not create roles (ALTER ROLE powerless CREATEROLE)");
    }

    @Test
    void aWrongPasswordIsRefusedAndNotPrinted() {
        assertThatThrownBy(() -> open(Map.of("isolated.postgres.password", "hunter2")))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("password authentication failed for user \"postgres\"")
                .hasMessageContaining("correct isolated.postgres.user and isolated.postgres.password")
                .message()
                .doesNotContain("hunter2");
    }

    @Test
    void aServerThatCannotBeReachedFailsAndNothingTakesItsPlace() throws Exception {
        int nobody;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        assertThatThrownBy(() -> open(Map.of("isolated.postgres.port", Integer.toString(nobody))))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("Could not reach your own server at 127.0.0.1:" + nobody)
                .hasMessageContaining("Connection refused")
                .hasMessageContaining("start the server, or correct isolated.postgres.host and isolated.postgres.port");
        assertThatThrownBy(() -> open(Map.of("isolated.postgres.host", "no-such-host.invalid")))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("found no host of that name");
    }

    @Test
    void theVariablesOfTheOtherConventionNameAServerToo() {
        var source = new ExternalSource();
        var service = new PostgresService();

        assertThat(source.variables(service, Map.of("TEST_POSTGRES_HOST", "db")))
                .isEqualTo(Map.of("isolated.postgres.host", "db", "isolated.postgres.port", "5434"));
        assertThat(source.variables(
                        service,
                        Map.of(
                                "TEST_POSTGRES_HOST", "db",
                                "TEST_POSTGRES_PORT", "6000",
                                "TEST_POSTGRES_USER", "me",
                                "TEST_POSTGRES_PASSWORD", "pw",
                                "TEST_REDIS_HOST", "elsewhere")))
                .isEqualTo(Map.of(
                        "isolated.postgres.host", "db",
                        "isolated.postgres.port", "6000",
                        "isolated.postgres.user", "me",
                        "isolated.postgres.password", "pw"));
    }

    @Test
    void aPasswordInTheSettingsIsNeverPrinted() {
        assertThat(settings(Map.of("isolated.postgres.password", "hunter2")).toString())
                .contains("isolated.postgres.password=***")
                .doesNotContain("hunter2");
    }

    /** Longer than what looks left behind is given time. */
    private static void awaitSweeps() {
        await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
    }

    private void open(Map<String, String> more) {
        try (Environments environments = environments(more)) {
            environments.open("a test", POSTGRES).close();
        }
    }

    private Environments environments(Map<String, String> more) {
        return new Environments(Catalog.found(), settings(more));
    }

    private Settings settings(Map<String, String> more) {
        Endpoint endpoint = server.endpoint();
        var texts = new HashMap<>(Map.of(
                "isolated.postgres.host", endpoint.host(),
                "isolated.postgres.port", Integer.toString(endpoint.port()),
                "isolated.postgres.password", endpoint.password().reveal(),
                "isolated.lease.warm", "1"));
        texts.putAll(more);
        return Catalog.found().settings(texts, Map.of());
    }

    /** All databases and roles with what belongs to them. */
    private List<String> catalog() throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + server.endpoint().address() + "/postgres",
                        server.endpoint().user(),
                        server.endpoint().password().reveal());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(CATALOG)) {
            var lines = new ArrayList<String>();
            while (rows.next()) {
                lines.add(rows.getString(1));
            }
            return lines;
        }
    }
}
