package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.error.IsolationException;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Containers that several JVMs share. */
@Tag("long")
@Timeout(120)
@ExtendWith(OneJvmAtATime.class)
class SharedContainerTest {

    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final Duration AFTER_IDLE = Duration.ofSeconds(15);

    private static Optional<List<String>> before = Optional.empty();

    @TempDir
    private Path directory;

    private Places places;

    @BeforeAll
    static void requireDocker() throws Exception {
        CiImage.require();
        before = Optional.of(CiImage.all());
    }

    @BeforeEach
    void makePlaces() throws Exception {
        places = Places.in(directory.resolve("places"));
    }

    @AfterAll
    static void everyContainerEndsByItself() {
        before.ifPresent(others -> await().atMost(AFTER_IDLE)
                .untilAsserted(() -> assertThat(CiImage.all()).isSubsetOf(others)));
    }

    @Test
    void jvmsThatStartAtTheSameTimeShareOneContainerWhichEndsAfterBothWereKilled() throws Exception {
        try (ContainerJvm one = ContainerJvm.start(places.directory(), "yes", IDLE);
                ContainerJvm other = ContainerJvm.start(places.directory(), "yes", IDLE)) {
            String container = one.container();
            assertThat(other.container()).isEqualTo(container);
            assertThat(Docker.engine().running(container)).isTrue();

            one.kill();
            other.kill();

            await().atMost(AFTER_IDLE)
                    .untilAsserted(
                            () -> assertThat(Docker.engine().running(container)).isFalse());
        }
    }

    @Test
    void itGoesOnWhenItsStarterLetsItGoAndWhileSomebodyIsConnected() throws Exception {
        Server first = start();
        Server second = start();
        assertThat(second.tenure()).isEqualTo(Tenure.SHARED);
        assertThat(second.endpoint()).isEqualTo(first.endpoint());
        assertThat(second.version()).isEqualTo(first.version()).isNotEmpty();

        try (Connection connection = CiImage.connect(second)) {
            first.close();
            second.close();
            await().pollDelay(IDLE.multipliedBy(2))
                    .untilAsserted(() -> assertThat(connection.isValid(1)).isTrue());
        }
    }

    /** Around the moment at which it stops, a start finds either a container that goes on or a new one. */
    @Test
    void whoComesAtTheLastMomentHasAServerThatStays() throws Exception {
        for (int i = 0; i < 6; i++) {
            start().close();
            long pause = IDLE.toMillis() - 500 + i * 250L;
            await().pollDelay(Duration.ofMillis(pause)).atMost(AFTER_IDLE).until(() -> true);

            try (Server server = start()) {
                await().pollDelay(Duration.ofMillis(1_500))
                        .atMost(AFTER_IDLE)
                        .untilAsserted(() -> CiImage.connect(server).close());
            }
        }
    }

    /** It has not had the time to stop yet, and answers. */
    @Test
    void oneThatSaysThatItIsAboutToStopIsReplaced() throws Exception {
        Server first = start();
        String container = ((RunningContainer) first.hold()).id();
        assertThat(new ProcessBuilder("docker", "exec", container, "touch", Recipe.STOPPING)
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();

        try (Server second = start();
                Connection connection = CiImage.connect(second)) {
            assertThat(connection.isValid(1)).isTrue();
            assertThat(((RunningContainer) second.hold()).id()).isNotEqualTo(container);
        } finally {
            first.close();
        }
    }

    @Test
    void oneThatEndsWhileItStartsSaysItsLastWords() {
        var settings = CiImage.settings("postgres.container.reuse", "yes");

        assertThatThrownBy(
                        () -> ContainerSource.start(Odd.postgres(List.of("-c", "nonsense=1")), settings, places, IDLE))
                .isInstanceOf(IsolationException.class)
                .hasMessageStartingWith("Could not start the server in a container of ")
                .hasMessageContaining("unrecognized configuration parameter \"nonsense\"");
    }

    @Test
    void oneThatIsGoneIsReplaced() throws Exception {
        Server gone = start();
        ((RunningContainer) gone.hold()).end();

        try (Server next = start();
                Connection connection = CiImage.connect(next)) {
            assertThat(connection.isValid(1)).isTrue();
        }
    }

    @Test
    void oneThatNoLongerKnowsThePasswordIsReplaced() throws Exception {
        try (Server old = start();
                Connection connection = CiImage.connect(old);
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER ROLE postgres PASSWORD 'another'");

            try (Server next = start()) {
                assertThat(next.endpoint().address())
                        .isNotEqualTo(old.endpoint().address());
                CiImage.connect(next).close();
            }
        }
    }

    @Test
    void aFileThatSomebodyHasSpoiltIsNotBelieved() throws Exception {
        start().close();
        Files.writeString(addressFile(), "container=1\nport=many\n");

        try (Server next = start()) {
            CiImage.connect(next).close();
        }
    }

    @Test
    void onlyItsUserCanReadThePassword() throws Exception {
        try (Server server = start()) {
            Path file = addressFile();
            assertThat(Files.readString(file))
                    .contains(server.endpoint().password().reveal());
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(places.directory())))
                    .isEqualTo("rwx------");
        }
    }

    private Path addressFile() throws Exception {
        try (Stream<Path> files = Files.list(places.directory())) {
            return files.filter(file -> file.toString().endsWith(".properties"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Server start() throws Exception {
        return ContainerSource.start(
                CiImage.SERVICE, CiImage.settings("postgres.container.reuse", "yes"), places, IDLE);
    }
}
