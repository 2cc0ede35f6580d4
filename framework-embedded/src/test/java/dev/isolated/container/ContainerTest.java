package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Containers of a run of its own. */
@Timeout(120)
@ExtendWith(OneJvmAtATime.class)
class ContainerTest {

    private static final Duration SOON = Duration.ofSeconds(5);

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
            id = container(server).id();
            assertThat(server.tenure()).isEqualTo(Tenure.RUN);
            assertThat(server.source()).isEqualTo("container");
            assertThat(server.version()).matches("\\d+\\..*");
            assertThat(server.hold().death()).isEmpty();
            try (Connection connection = CiImage.connect(server)) {
                assertThat(connection.isValid(1)).isTrue();
            }
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(CiImage.all()).doesNotContain(id));
        assertThat(places.directory()).isEmptyDirectory();
    }

    @Test
    void thePasswordThatTheContainerWasToldIsNoLongerTrueWhenTheServerIsReady() throws Exception {
        var start = new ContainerStart(CiImage.SERVICE, CiImage.settings(), Docker.engine(), places);
        Recipe recipe = start.recipe(Recipe.WITH_INPUT);
        try (Server server = start.start(recipe, Tenure.RUN)) {
            for (String wrong : List.of(recipe.password().reveal(), "postgres")) {
                assertThatThrownBy(() -> CiImage.connect(server, wrong))
                        .isInstanceOf(SQLException.class)
                        .hasMessageContaining("password authentication failed");
            }
            assertThat(recipe.toString() + server)
                    .doesNotContain(
                            recipe.password().reveal(),
                            server.endpoint().password().reveal());
        }
    }

    @Test
    void itListensOnLoopbackOnly() throws Exception {
        Path sockets = Path.of("/proc/net/tcp");
        assumeTrue(Files.exists(sockets), "only Linux lists its sockets there");
        try (Server server = start()) {
            String suffix = String.format(":%04X", server.endpoint().port());
            List<String> listening = Stream.concat(
                            Files.readAllLines(sockets).stream(),
                            Files.exists(Path.of("/proc/net/tcp6"))
                                    ? Files.readAllLines(Path.of("/proc/net/tcp6")).stream()
                                    : Stream.empty())
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields.length > 3 && fields[1].endsWith(suffix) && fields[3].equals("0A"))
                    .map(fields -> fields[1])
                    .toList();

            assertThat(listening).containsExactly("0100007F" + suffix);
        }
    }

    @Test
    void itsLogIsThereWhileItRuns() throws Exception {
        try (Server server = start()) {
            Path log = server.hold().log().orElseThrow();
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(Files.readString(log, StandardCharsets.UTF_8))
                            .contains("database system is ready to accept connections"));
        }
    }

    @Test
    void aContainerThatIsTakenAwayIsKnownToBeDeadAtOnce() throws Exception {
        try (Server server = start()) {
            Docker.engine().remove(container(server).id());

            await().atMost(Duration.ofSeconds(1))
                    .untilAsserted(() -> assertThat(server.hold().death().orElse("it lives"))
                            .startsWith("it has ended; its last words: ")
                            .contains("database system is shut down"));
        }
    }

    @Test
    void dataIsKeptInMemory() throws Exception {
        try (Server server = start();
                Connection connection = CiImage.connect(server);
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT count(*) FROM regexp_split_to_table("
                                + "pg_read_file('/proc/self/mounts'), '\\n') AS mount"
                                + " WHERE mount LIKE 'tmpfs /var/lib/postgresql %'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getInt(1)).isEqualTo(1);
        }
    }

    private Server start() throws Exception {
        return ContainerSource.start(CiImage.SERVICE, CiImage.settings(), places, Duration.ofMinutes(1));
    }

    private static RunningContainer container(Server server) {
        return (RunningContainer) server.hold();
    }
}
