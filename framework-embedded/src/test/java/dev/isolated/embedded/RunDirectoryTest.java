package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunDirectoryTest {

    @TempDir
    Path parent;

    @TempDir
    Path programs;

    @Test
    void secondServerOfThisJvmLeavesTheFirstOnesLockAlone() throws IOException, InterruptedException {
        try (RunDirectory first = RunDirectory.create(parent);
                RunDirectory second = RunDirectory.create(parent)) {
            assertThat(sweepInAnotherJvm()).isZero();

            assertThat(first.path()).exists();
            assertThat(second.path()).exists();
        }
        assertThat(parent).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "garbled", "123", "-1\nx\nx", "99999999999999999999", "\u00ff\u0000"})
    void leftoverWithABadPidFileIsRemoved(String content) throws IOException {
        Path leftover = leftover(content);

        RunDirectory.create(parent).close();

        assertThat(leftover).doesNotExist();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void leftoverThatCannotBeSweptBlocksNobody() throws IOException {
        Path locked = Files.createDirectory(parent.resolve("server-0-1.lock"));
        Path leftover = leftover("");

        RunDirectory.create(parent).close();

        assertThat(leftover).doesNotExist();
        assertThat(parent).isDirectoryContaining(locked::equals);
    }

    @Test
    void leftoverThatSomebodyStillWritesToBlocksNobody() throws Exception {
        Path leftover = leftover("");
        var enough = new AtomicBoolean();
        var writer = new Thread(() -> {
            for (int i = 0; !enough.get(); i++) {
                try {
                    Files.createDirectories(leftover.resolve("data/" + i % 8));
                } catch (IOException e) {
                    Thread.onSpinWait();
                }
            }
        });
        writer.start();
        try {
            RunDirectory.create(parent).close();
        } finally {
            enough.set(true);
            writer.join();
        }
        Once.delete(leftover);
        RunDirectory.create(parent).close();
        assertThat(parent).isEmptyDirectory();
    }

    @Test
    void foreignProcessWithTheNumberOfADeadServerLives() throws Exception {
        Process foreign = postgres(parent);
        try {
            Path leftover = leftover(foreign.pid() + "\n/somewhere/data\n"
                    + foreign.info().startInstant().orElseThrow().getEpochSecond() + "\n");

            RunDirectory.create(parent).close();

            assertThat(leftover).doesNotExist();
            assertThat(foreign.waitFor(300, TimeUnit.MILLISECONDS)).isFalse();
        } finally {
            foreign.destroyForcibly().waitFor();
        }
    }

    @Test
    void serverOfALeftoverIsKilled() throws Exception {
        Path leftover = leftover("");
        Process server = postgres(leftover.resolve("data"));
        try {
            Files.writeString(
                    leftover.resolve("data/postmaster.pid"),
                    server.pid() + "\n/somewhere/data\n"
                            + server.info().startInstant().orElseThrow().getEpochSecond() + "\n");

            RunDirectory.create(parent).close();

            assertThat(server.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(leftover).doesNotExist();
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void serverIsKnownByWhenItStarted() {
        ProcessHandle self = ProcessHandle.current();
        long started = self.info().startInstant().orElseThrow().getEpochSecond();

        assertThat(Leftovers.startedAt(self, List.of("1", "/data", Long.toString(started))))
                .isTrue();
        assertThat(Leftovers.startedAt(self, List.of("1", "/data", Long.toString(started - 60))))
                .isFalse();
        assertThat(Leftovers.startedAt(self, List.of("1", "/data"))).isFalse();
    }

    private Path leftover(String pidFile) throws IOException {
        Path leftover = parent.resolve("server-0-0");
        Files.createDirectories(leftover.resolve("data"));
        Files.writeString(leftover.resolve("data/postmaster.pid"), pidFile, StandardCharsets.ISO_8859_1);
        Files.createFile(parent.resolve("server-0-0.lock"));
        return leftover;
    }

    /** A process whose executable is called postgres. */
    private Process postgres(Path workingDirectory) throws IOException {
        Path program = Files.copy(
                Path.of("/bin/sleep").toRealPath(), programs.resolve("postgres"), StandardCopyOption.COPY_ATTRIBUTES);
        return new ProcessBuilder(program.toString(), "60")
                .directory(workingDirectory.toFile())
                .start();
    }

    private int sweepInAnotherJvm() throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sweeper.class.getName(),
                        parent.toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Another test run on the same machine. */
    static final class Sweeper {

        public static void main(String[] arguments) throws IOException {
            RunDirectory.create(Path.of(arguments[0])).close();
        }
    }
}
