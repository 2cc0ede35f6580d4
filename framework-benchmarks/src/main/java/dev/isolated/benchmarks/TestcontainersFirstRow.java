package dev.isolated.benchmarks;

import java.sql.DriverManager;
import java.util.Map;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** Starts a Postgres container as Testcontainers does and reads one row. */
final class TestcontainersFirstRow {

    private static final String IMAGE = "benchmark.postgres.image";

    private TestcontainersFirstRow() {}

    /** Which image it is to be, to be handed on to a child. */
    static Map<String, String> image() {
        return Map.of(IMAGE, System.getProperty(IMAGE, "postgres:18"));
    }

    public static void main(String[] arguments) throws Exception {
        Marks.begin();
        read();
    }

    static void read() throws Exception {
        var image = DockerImageName.parse(image().get(IMAGE)).asCompatibleSubstituteFor("postgres");
        try (var container = new PostgreSQLContainer(image)) {
            // The port opens when the server is initialised: so it is ready as soon as with the default, or sooner.
            container
                    .withUsername("postgres")
                    .withDatabaseName("postgres")
                    .waitingFor(Wait.forListeningPort())
                    .start();
            Marks.mark(Marks.SERVER_READY);
            try (var connection = DriverManager.getConnection(
                    container.getJdbcUrl(), container.getUsername(), container.getPassword())) {
                Sql.SELECT.execute(connection);
                Marks.mark(Marks.FIRST_ROW);
            }
        }
    }
}
