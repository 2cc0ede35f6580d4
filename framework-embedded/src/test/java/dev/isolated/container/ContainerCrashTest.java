package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that end while their container runs. */
@Tag("long")
@Timeout(120)
@ExtendWith(OneJvmAtATime.class)
class ContainerCrashTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LONG = Duration.ofMinutes(5);

    @TempDir
    private Path directory;

    @BeforeAll
    static void requireDocker() {
        CiImage.require();
    }

    @Test
    void killingTheJvmLeavesNoContainer() throws Exception {
        try (ContainerJvm jvm = ContainerJvm.start(directory, "no", LONG)) {
            String container = jvm.container();
            assertThat(Docker.engine().running(container)).isTrue();

            jvm.kill();

            await().atMost(SOON).untilAsserted(() -> assertThat(CiImage.all()).doesNotContain(container));
        }
    }

    @Test
    void killingTheJvmBeforeItsServerIsReadyLeavesNoContainer() throws Exception {
        List<String> before = CiImage.all();
        try (ContainerJvm jvm = ContainerJvm.start(directory, "no", LONG)) {
            String container = await().pollInterval(Duration.ofMillis(20))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> running(before), Optional::isPresent)
                    .orElseThrow();

            jvm.kill();

            await().atMost(SOON).untilAsserted(() -> assertThat(CiImage.all()).doesNotContain(container));
        }
    }

    private static Optional<String> running(List<String> before) throws IOException {
        for (String container : CiImage.all()) {
            if (!before.contains(container) && Docker.engine().running(container)) {
                return Optional.of(container);
            }
        }
        return Optional.empty();
    }

    @Test
    void aJvmThatForgetsItsServerEndsAllTheSameAndLeavesNoContainer() throws Exception {
        try (ContainerJvm jvm = ContainerJvm.start(directory, "no", LONG)) {
            String container = jvm.container();

            assertThat(jvm.end()).isZero();

            await().atMost(SOON).untilAsserted(() -> assertThat(CiImage.all()).doesNotContain(container));
        }
    }

    @Test
    void aContainerThatWasMadeAndNeverStartedIsRemovedByALaterStart() throws Exception {
        Engine engine = Docker.engine();
        var start = new ContainerStart(CiImage.SERVICE, CiImage.settings(), engine, Places.in(directory));
        String container = engine.create(start.recipe(Recipe.WITH_INPUT));

        engine.sweep(Duration.ofMinutes(1));
        assertThat(CiImage.all()).as("what may be started in a moment").contains(container);
        engine.sweep(Duration.ZERO);

        assertThat(CiImage.all()).doesNotContain(container);
    }
}
