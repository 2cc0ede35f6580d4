package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.InMemoryService;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Why there is no container, told soon and in a sentence; none of it needs Docker. */
@Tag("long")
@Timeout(60)
@ExtendWith(OneJvmAtATime.class)
class RefusalTest {

    private static final Duration QUICKLY = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    @Test
    void testcontainersIsNotOnTheClassPath() throws Exception {
        String without = ContainerJvm.classPathWithout("testcontainers", "docker-java");

        assertThat(refusal(without, Map.of()))
                .isEqualTo(
                        "Testcontainers is not on the class path; add org.testcontainers:testcontainers with scope test");
    }

    @Test
    void nobodyAnswersWhereDockerIsSaidToBe() throws Exception {
        long start = System.nanoTime();

        assertThat(refusal(classPath(), Map.of("DOCKER_HOST", "tcp://127.0.0.1:1")))
                .isEqualTo("Docker does not answer (tcp://127.0.0.1:1: Connection refused);"
                        + " start it, or say where it is with DOCKER_HOST");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(QUICKLY);
    }

    @Test
    void thereIsNoSuchSocket() throws Exception {
        String socket = "unix://" + directory.resolve("docker.sock");

        assertThat(refusal(classPath(), Map.of("DOCKER_HOST", socket)))
                .startsWith("Docker does not answer (" + socket + ": ")
                .endsWith("; start it, or say where it is with DOCKER_HOST");
    }

    @Test
    void somethingThatTakesConnectionsAndSaysNothingIsGivenUp() throws Exception {
        try (var silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            assertThat(refusal(classPath(), Map.of("DOCKER_HOST", "tcp://127.0.0.1:" + silent.getLocalPort())))
                    .isEqualTo("Docker does not answer (it takes connections, but has not answered within 15 s);"
                            + " start it, or say where it is with DOCKER_HOST");
        }
    }

    @Test
    void aServiceMayHaveNoImage() {
        var service = new InMemoryService(true);

        assertThat(new ContainerSource().refusal(service, CiImage.settings()))
                .hasValue("it knows no image of " + service.name());
    }

    private String refusal(String classPath, Map<String, String> environment) throws Exception {
        try (ContainerJvm jvm = ContainerJvm.start(directory, "no", QUICKLY, classPath, environment)) {
            return jvm.refusal();
        }
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }
}
