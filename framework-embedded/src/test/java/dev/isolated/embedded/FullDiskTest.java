package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isolated.error.IsolationException;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts on a file system without room, which only root can make. */
class FullDiskTest {

    @TempDir
    private Path temporary;

    private Path disk;
    private boolean mounted;

    @BeforeEach
    void mount() throws Exception {
        assumeTrue(Account.current().root(), "only root can mount");
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
        disk = Files.createDirectory(temporary.resolve("disk"));
        mounted = status("mount", "-t", "tmpfs", "-o", "size=8m,mode=755", "tmpfs", disk.toString()) == 0;
        assumeTrue(mounted, "a container may forbid it to root too");
    }

    @AfterEach
    void unmount() {
        if (mounted) {
            // The host's last sleep may still have its working directory there.
            await().atMost(Duration.ofSeconds(5)).until(() -> status("umount", disk.toString()) == 0);
        }
    }

    @Test
    void aStartWithoutRoomSaysSoLeavesNothingAndTheNextOneWorks() throws Exception {
        start(temporary, Map.of()).close();

        assertThatThrownBy(() -> start(disk, Map.of()))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("No space left on device");
        assertThat(EmbeddedPostgresTest.runDirectories(disk)).isEmpty();

        assertThat(status("mount", "-o", "remount,size=256m", disk.toString())).isZero();
        try (Server server = start(disk, Map.of())) {
            assertThat(server.hold().death()).isEmpty();
        }
        await().atMost(Duration.ofSeconds(5))
                .untilAsserted(() ->
                        assertThat(EmbeddedPostgresTest.runDirectories(disk)).isEmpty());
    }

    @Test
    void unpackingWithoutRoomSaysSoAndTheNextOneWorks() throws Exception {
        Map<String, String> cache = Map.of("isolated.embedded.cache", disk.toString());
        assertThatThrownBy(() -> start(temporary, cache))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("found tar failed")
                .hasMessageContaining("No space left on device");

        assertThat(status("mount", "-o", "remount,size=512m", disk.toString())).isZero();
        try (Server server = start(temporary, cache)) {
            assertThat(server.hold().death()).isEmpty();
        }
    }

    private static Server start(Path directory, Map<String, String> more) {
        return new EmbeddedSource()
                .start(
                        new PostgresService(),
                        Settings.builder()
                                .declare(EmbeddedKeys.all())
                                .layer("test", more)
                                .layer("warm", Map.of("isolated.embedded.warm", "off"))
                                .layer("directory", Map.of("isolated.embedded.directory", directory.toString()))
                                .build());
    }

    private static int status(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
