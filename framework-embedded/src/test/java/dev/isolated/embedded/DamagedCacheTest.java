package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.error.IsolationException;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever somebody damages in the cache fails one start, with the reason, and is made anew for the next. */
@Tag("long")
class DamagedCacheTest {

    @TempDir
    private Path directory;

    @BeforeEach
    void fillTheCache() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        startAndStop();
    }

    @Test
    void aProgramThatIsCutOff() throws IOException {
        cutOff("postgres");

        assertThatThrownBy(this::startAndStop)
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("the server ended while it was starting")
                .hasMessageContaining("what was damaged in the cache is made anew");
        startAndStop();
    }

    @Test
    void dataThatIsCutOff() throws IOException {
        cutOff("pg_control");

        assertThatThrownBy(this::startAndStop)
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("the server ended while it was starting")
                .hasMessageContaining("pg_control");
        startAndStop();
    }

    @Test
    void aServerThatFailsForAnotherReasonLeavesTheCacheAsItIs() throws IOException {
        Path data = find("pg_control");

        Binaries.found(Platform.current()).orElseThrow().distrust(directory.resolve("cache"));

        assertThat(data).exists();
        assertThat(find("postgres")).exists();
    }

    private void cutOff(String name) throws IOException {
        Path file = find(name);
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 100));
    }

    private Path find(String name) throws IOException {
        try (Stream<Path> files = Files.walk(directory.resolve("cache"))) {
            return files.filter(it -> it.endsWith(name) && Files.isRegularFile(it))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void startAndStop() throws IOException {
        try (Server server = new EmbeddedSource().start(new PostgresService(), settings())) {
            assertThat(server.hold().death()).isEmpty();
        }
        await().untilAsserted(() ->
                assertThat(EmbeddedPostgresTest.runDirectories(directory)).isEmpty());
    }

    private Settings settings() {
        return Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer(
                        "test",
                        Map.of(
                                "isolated.embedded.directory", directory.toString(),
                                "isolated.embedded.cache",
                                        directory.resolve("cache").toString(),
                                "isolated.embedded.warm", "off"))
                .build();
    }
}
