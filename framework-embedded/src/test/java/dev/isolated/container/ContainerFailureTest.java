package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.error.IsolationException;
import dev.isolated.spi.Service;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Starts that fail, each for a reason of its own, and leave nothing. */
@Tag("long")
@Timeout(120)
@ExtendWith(OneJvmAtATime.class)
class ContainerFailureTest {

    @TempDir
    private Path directory;

    private Places places;
    private List<String> before;

    @BeforeAll
    static void requireDocker() {
        CiImage.require();
    }

    @BeforeEach
    void look() throws Exception {
        places = Places.in(directory.resolve("places"));
        before = CiImage.all();
    }

    @AfterEach
    void nothingIsLeft() {
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(CiImage.all()).isSubsetOf(before));
        assertThat(places.directory()).isEmptyDirectory();
    }

    @Test
    void theRegistryDoesNotAnswer() {
        assertThatThrownBy(() -> start(
                        CiImage.SERVICE,
                        "container.registry",
                        "127.0.0.1:1/mirror",
                        "postgres.container.image",
                        "nothing:1",
                        "postgres.container.pull",
                        "missing"))
                .isInstanceOf(IsolationException.class)
                .hasMessageStartingWith("Could not get the image 127.0.0.1:1/mirror/nothing:1 for postgres: ")
                .hasMessageContaining("connection refused")
                .hasMessageContaining("isolated.postgres.container.image")
                .hasMessageContaining("isolated.container.registry");
    }

    @Test
    void anImageThatIsNotThereAndShallNotBeFetched() {
        assertThatThrownBy(() -> start(CiImage.SERVICE, "postgres.container.image", "isolated-ci/nothing:1"))
                .isInstanceOf(IsolationException.class)
                .hasMessageStartingWith("Could not get the image isolated-ci/nothing:1 for postgres: ")
                .hasMessageContaining(
                        "found the engine does not have it, and isolated.postgres.container.pull is \"never\"");
    }

    @Test
    void aNameThatIsNone() {
        assertThatThrownBy(() -> start(CiImage.SERVICE, "postgres.container.image", "No Image!"))
                .isInstanceOf(IsolationException.class)
                .hasMessageStartingWith("Could not get the image No Image! for postgres: ");
    }

    @Test
    void theEngineDoesNotCreateTheContainer() {
        assertThatThrownBy(() -> start(Odd.with(List.of(), "not/absolute")))
                .isInstanceOf(IsolationException.class)
                .hasMessageStartingWith("Could not start a container of ")
                .hasMessageContaining("expected the engine to create it")
                .hasMessageContaining("mount path must be absolute");
    }

    @Test
    void theServerEndsAtOnceWithItsOwnWords() {
        assertThatThrownBy(() -> start(Odd.postgres(List.of("-c", "nonsense=1"))))
                .isInstanceOf(IsolationException.class)
                .hasMessageStartingWith("Could not start the server in a container of ")
                .hasMessageContaining(
                        "expected it to go on once it is started, but found it has ended; its last words: ")
                .hasMessageContaining("unrecognized configuration parameter \"nonsense\"")
                .hasMessageContaining("the server ended with status 1")
                .hasMessageContaining("it was started with [");
    }

    @Test
    void theServerNeverLetsAnybodyIn() {
        var elsewhere = Odd.postgres(List.of("-c", "port=5433"));

        assertThatThrownBy(() -> start(elsewhere, "container.start-timeout", "3s"))
                .isInstanceOf(IsolationException.class)
                .hasMessageStartingWith("Could not use the server in a container of ")
                .hasMessageContaining("expected it to let its administrator postgres in within 3000 ms")
                .hasMessageContaining("found \"Could not connect to postgres")
                .hasMessageContaining("its last words: ")
                .hasMessageContaining("database system is ready to accept connections")
                .hasMessageContaining("takes its password from POSTGRES_PASSWORD")
                .hasMessageContaining("isolated.container.start-timeout bounds the wait");
    }

    @Test
    void aLoginThatNeverReturnsIsGivenUp() {
        var never = new CountDownLatch(1);
        var hanging = new Odd(Odd.blueprint(List.of(), "/var/lib/postgresql"), server -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return server;
        });

        assertThatThrownBy(() -> start(hanging, "container.start-timeout", "500ms"))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("within 500 ms, but found \"no answer at all\"");
        never.countDown();
    }

    private void start(Service<?> service, String... settings) throws Exception {
        ContainerSource.start(service, CiImage.settings(settings), places, Duration.ofMinutes(1))
                .close();
    }
}
