package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guard with shell scripts for servers. */
class GuardedServerTest {

    @TempDir
    private Path temporary;

    private Path parent;
    private Path template;

    @BeforeEach
    void make() throws IOException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
        parent = Files.createDirectory(temporary.resolve("parent"));
        template = Files.createDirectory(temporary.resolve("template"));
    }

    @Test
    void aServerThatEndsWhileItStartsLeavesNothing() {
        assertThatThrownBy(() -> start("echo cannot; exit 3"))
                .isInstanceOf(IOException.class)
                .hasMessage("the server ended while it was starting: cannot");

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void aCopyThatFailsLeavesNothing() throws IOException {
        Files.delete(template);

        assertThatThrownBy(() -> start("echo ready"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the server ended while it was starting: ")
                .hasMessageContaining(template.toString());

        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void aStartByAnInterruptedThreadLeavesNothing() {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> start("sleep 60")).isInstanceOf(IOException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void aStartThatIsInterruptedLeavesNothing() {
        var start = new FutureTask<>(() -> start("touch started; exec sleep 60"));
        var thread = new Thread(start);
        thread.start();
        await().until(() -> contains("started"));

        thread.interrupt();

        assertThatThrownBy(start::get)
                .hasRootCauseInstanceOf(InterruptedException.class)
                .hasMessageContaining("interrupted while the server was starting");
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void theLastWordsOfADeadServerAreItsLastTwentyLines() throws IOException {
        GuardedServer server =
                start("echo ready; i=0; while [ $i -lt 100 ]; do i=$((i + 1)); echo line $i; done; exit 3");
        try {
            await().atMost(Duration.ofSeconds(5)).until(() -> server.death().isPresent());

            assertThat(server.death().orElseThrow().lines())
                    .hasSize(20)
                    .startsWith("its process ended with status 3; its last words: line 81")
                    .endsWith("line 100");
        } finally {
            server.release();
        }
    }

    private boolean contains(String name) throws IOException {
        try (Stream<Path> files = Files.walk(parent)) {
            return files.anyMatch(file -> file.endsWith(name));
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private GuardedServer start(String script) throws IOException {
        return GuardedServer.start(
                parent, template, Account.current(), List.of("/bin/sh", "-c", script), "ready", Duration.ofSeconds(10));
    }
}
