package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.external.ExternalSource;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A real server in the part of one that its user looks after. Thread-safe. */
public record OwnServer(Server server, Path directory) implements AutoCloseable {

    static final Service<Postgres> SERVICE = new PostgresService();
    private static final ExternalSource SOURCE = new ExternalSource();
    private static final Path MEMORY = Path.of("/dev/shm");

    public static OwnServer start() throws IOException, SQLException {
        Path directory = newDirectory();
        return of(new EmbeddedSource().start(SERVICE, apart(directory)), directory);
    }

    /** One whose databases are open to everybody who may log in, as those of a new server are. */
    static OwnServer of(Server server, Path directory) throws SQLException {
        var own = new OwnServer(server, directory);
        own.run(
                "GRANT CONNECT, TEMPORARY ON DATABASE postgres TO PUBLIC",
                "GRANT CONNECT ON DATABASE template1 TO PUBLIC");
        return own;
    }

    /** Where nobody else's server is, and which a server's own account can reach; in memory where there is some. */
    static Path newDirectory() throws IOException {
        Path directory = Files.isDirectory(MEMORY)
                ? Files.createTempDirectory(MEMORY, "own-server")
                : Files.createTempDirectory("own-server");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        return directory;
    }

    /** Settings for a server that is shared with nobody. */
    static Settings apart(Path directory) {
        return Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer("directory", Map.of("isolated.embedded.directory", directory.toString()))
                .layer("small", Map.of("isolated.embedded.warm", "off", "isolated.embedded.connections", "50"))
                .build();
    }

    /** The settings that lead to it as its superuser, unless {@code more} say otherwise. */
    Settings settings(Map<String, String> more) {
        return Settings.builder()
                .declare(SOURCE.keys(SERVICE))
                .declare(SERVICE.keys())
                .layer("more", more)
                .layer("own", access())
                .build();
    }

    /** What leads to it as its superuser. */
    public Map<String, String> access() {
        return Map.of(
                "isolated.postgres.host", server.endpoint().host(),
                "isolated.postgres.port", Integer.toString(port()),
                "isolated.postgres.password", server.endpoint().password().reveal());
    }

    Server external(Map<String, String> more) {
        return SOURCE.start(SERVICE, settings(more));
    }

    /** What the first test waits for. */
    Slices<Postgres> connect(String run, Map<String, String> more) {
        return connect(run, PostgresService.TRANSACTION, more);
    }

    Slices<Postgres> connect(String run, String mode, Map<String, String> more) {
        return connect(run, mode, more, List.of());
    }

    private Slices<Postgres> connect(String run, String mode, Map<String, String> more, List<Class<?>> bases) {
        return SERVICE.connect(external(more), new Plan(mode, bases, settings(more), run));
    }

    /** What a statement tells in a slice of a run of its own, whose tests start from what the settings and bases say. */
    String inSlice(Map<String, String> more, List<Class<?>> bases, String sql) throws SQLException {
        return inSlice(PostgresService.TRANSACTION, more, bases, sql);
    }

    /** The same in a mode. */
    String inSlice(String mode, Map<String, String> more, List<Class<?>> bases, String sql) throws SQLException {
        try (Slices<Postgres> slices = connect(Bench.newRun(), mode, more, bases)) {
            Slice<Postgres> slice = slices.create(1);
            var tenant = new Tenant("OwnServer.inSlice");
            try (Connection connection = slice.handOut(tenant).connection();
                    Statement statement = connection.createStatement()) {
                if (!statement.execute(sql)) {
                    return "";
                }
                try (ResultSet result = statement.getResultSet()) {
                    result.next();
                    return String.valueOf(result.getString(1));
                }
            } finally {
                tenant.end();
                slice.reset();
                slice.destroy();
            }
        }
    }

    int port() {
        return server.endpoint().port();
    }

    public void run(String... statements) throws SQLException {
        try (Connection connection = superuser();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** The first column. */
    List<String> list(String query) throws SQLException {
        try (Connection connection = superuser();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        }
    }

    /** Writes a file into the data directory, which only the server's own account can reach. */
    void write(String file, List<String> lines) throws SQLException {
        String rows = lines.stream().map(line -> "('" + line + "')").collect(Collectors.joining(", "));
        run("COPY (VALUES " + rows + ") TO PROGRAM 'umask 077; cat > " + file + "'");
    }

    Connection superuser() throws SQLException {
        return connection(
                "template1",
                server.endpoint().user(),
                server.endpoint().password().reveal());
    }

    Connection connection(String database, String user, String password) throws SQLException {
        String url = "jdbc:postgresql://" + server.endpoint().address() + "/" + database;
        return DriverManager.getConnection(url, user, password);
    }

    @Override
    public void close() {
        server.close();
        await().untilAsserted(() ->
                assertThat(EmbeddedPostgresTest.runDirectories(directory)).isEmpty());
        try {
            Once.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
