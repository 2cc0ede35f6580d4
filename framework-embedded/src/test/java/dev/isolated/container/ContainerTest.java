package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers of a run of its own. */
class ContainerTest {

    @TempDir
    private Path directory;

    private Places places;

    @BeforeAll
    static void requireDocker() {
        CiImage.require();
    }

    @BeforeEach
    void makePlaces() throws Exception {
        places = Places.in(directory.resolve("places"));
    }

    @Test
    void aStartedServerAnswersAndLeavesNothingWhenItIsClosed() throws Exception {
        String id;
        try (Server server = start()) {
            id = ((RunningContainer) server.hold()).id();
            assertThat(server.tenure()).isEqualTo(Tenure.RUN);
            assertThat(server.version()).matches("\\d+\\..*");
            assertThat(server.hold().death()).isEmpty();
            try (Connection connection =
                    connect(server, server.endpoint().password().reveal())) {
                assertThat(connection.isValid(1)).isTrue();
            }
            assertThat(Docker.engine().running(id)).isTrue();
        }
        assertThat(Docker.engine().running(id)).isFalse();
        assertThat(places.directory()).isEmptyDirectory();
    }

    private Server start() throws Exception {
        return ContainerSource.start(CiImage.SERVICE, CiImage.settings(), places, Duration.ofMinutes(1));
    }

    private static Connection connect(Server server, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.endpoint().address() + "/postgres",
                server.endpoint().user(),
                password);
    }
}
