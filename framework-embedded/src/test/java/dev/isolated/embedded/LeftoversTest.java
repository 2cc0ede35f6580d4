package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories whose hosts are gone, and others that look like it. */
class LeftoversTest {

    private static final String NAME = "postgres-00000000-999999999-1";

    @TempDir
    private Path parent;

    @Test
    void whatNobodyWorksInIsRemoved() throws IOException {
        Path leftover = leftover(NAME);

        Leftovers.sweep(parent);

        assertThat(leftover).doesNotExist();
    }

    @Test
    void whatAHostWorksInStays() throws Exception {
        Path used = leftover(NAME);
        Process host = working(used);
        try {
            Leftovers.sweep(parent);

            assertThat(used).exists();
            assertThat(host.isAlive()).isTrue();
        } finally {
            host.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatAJvmHasJustBegunStays() throws IOException {
        HostDirectory begun = HostDirectory.create(parent, "postgres-00000000");

        Leftovers.sweep(parent);

        assertThat(begun.path()).exists();
    }

    @Test
    void aServerWhoseHostIsGoneGoesToo() throws Exception {
        Path leftover = leftover(NAME);
        Process server = working(leftover.resolve("data"));
        try {
            Leftovers.sweep(parent);

            assertThat(server.waitFor(5, TimeUnit.SECONDS)).isTrue();
            assertThat(leftover).doesNotExist();
        } finally {
            server.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatIsNoHostsDirectoryStays() throws IOException {
        Path other = leftover("somebody's own");

        Leftovers.sweep(parent);

        assertThat(other).exists();
    }

    @Test
    void oneThatSomebodyStillWritesToBlocksNobody() throws Exception {
        Path leftover = leftover(NAME);
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
            Leftovers.sweep(parent);
        } finally {
            enough.set(true);
            writer.join();
        }
        Leftovers.sweep(parent);
        assertThat(parent).isEmptyDirectory();
    }

    private Path leftover(String name) throws IOException {
        Path leftover = parent.resolve(name);
        Files.createDirectories(leftover.resolve("data"));
        return leftover;
    }

    private static Process working(Path directory) throws IOException {
        return new ProcessBuilder("sleep", "60").directory(directory.toFile()).start();
    }
}
