package dev.isolated.container;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The image that container tests start: the project's own, or whatever CONTAINER_IMAGE_POSTGRES names. */
public final class CiImage {

    static final Service<Postgres> SERVICE = new PostgresService();

    private static final String POSTGRES =
            Optional.ofNullable(System.getenv("CONTAINER_IMAGE_POSTGRES")).orElse("isolated-ci/postgres");

    private CiImage() {}

    /** Skips the tests where there is no Docker or no such image, or fails them where CONTAINERS_REQUIRED=true. */
    public static void require() {
        require(POSTGRES);
    }

    static void require(String image) {
        try {
            if (Docker.engine().images().find(Images.resolve(image, "")).isEmpty()) {
                missing("Docker has no image " + image + "; .ci/docker builds it");
            }
        } catch (IOException e) {
            missing("Docker does not answer: " + e.getMessage());
        }
    }

    /** The ids of all containers of this library, running or not. */
    static List<String> all() throws IOException {
        return Docker.engine().all();
    }

    /** A connection as the server's administrator. */
    static Connection connect(Server server) throws SQLException {
        return connect(server, server.endpoint().password().reveal());
    }

    static Connection connect(Server server, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.endpoint().address() + "/postgres",
                server.endpoint().user(),
                password);
    }

    private static void missing(String reason) {
        if ("true".equals(System.getenv("CONTAINERS_REQUIRED"))) {
            fail("CONTAINERS_REQUIRED is true, but " + reason);
        }
        abort(reason);
    }

    /** A server whose files are in that directory, in a container that ends with this JVM or is shared. */
    public static Server start(Path directory, boolean shared) throws IOException {
        Settings settings = settings("postgres.container.reuse", shared ? "yes" : "no");
        return ContainerSource.start(SERVICE, settings, Places.in(directory), Duration.ofSeconds(10));
    }

    static Settings settings(String... more) {
        var texts = new TreeMap<>(
                Map.of("isolated.postgres.container.image", POSTGRES, "isolated.postgres.container.pull", "never"));
        for (int i = 0; i < more.length; i += 2) {
            texts.put("isolated." + more[i], more[i + 1]);
        }
        var source = new ContainerSource();
        return Settings.builder()
                .declare(source.keys())
                .declare(source.keys(SERVICE))
                .layer("test", texts)
                .build();
    }
}
