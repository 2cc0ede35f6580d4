package dev.isolated.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Where the servers of one benchmark live, and nobody else's. Closing it waits until they have stopped, and removes what
 * stays for the next server otherwise. Immutable.
 */
record ServersDirectory(Path path) implements AutoCloseable {

    private static final Path MEMORY = Path.of("/dev/shm");

    /** Short, as the path of a socket has to be. */
    private static final String NAME = "b";

    private static final Duration IDLE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = IDLE.plusSeconds(15);
    private static final long PAUSE = 20;

    static ServersDirectory create() {
        try {
            Path path = Files.isDirectory(MEMORY)
                    ? Files.createTempDirectory(MEMORY, NAME)
                    : Files.createTempDirectory(NAME);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
            return new ServersDirectory(path);
        } catch (IOException e) {
            throw new BenchmarkFailure("no directory for servers: " + e);
        }
    }

    /** Settings for servers in it, that stay or do not stay for the next round. */
    Map<String, String> settings(boolean warm) {
        return Map.of(
                "isolated.embedded.directory",
                path.toString(),
                "isolated.embedded.warm",
                warm ? "on" : "off",
                "isolated.embedded.idle",
                IDLE.toSeconds() + "s");
    }

    @Override
    public void close() {
        try {
            awaitStop();
            for (Path place : list(path)) {
                for (Path left : list(place)) {
                    Files.delete(left);
                }
                Files.delete(place);
            }
            Files.delete(path);
        } catch (IOException e) {
            throw new BenchmarkFailure("what servers have left in " + path + " could not be removed: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailure("interrupted while servers in " + path + " were stopping");
        }
    }

    private void awaitStop() throws IOException, InterruptedException {
        long limit = System.nanoTime() + PATIENCE.toNanos();
        while (serversLeft()) {
            if (System.nanoTime() > limit) {
                throw new BenchmarkFailure(
                        "a server in " + path + " has not stopped after " + PATIENCE.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE);
        }
    }

    /** A server has a directory of its own; what locks its start is a file beside that. */
    private boolean serversLeft() throws IOException {
        for (Path place : list(path)) {
            if (list(place).stream().anyMatch(Files::isDirectory)) {
                return true;
            }
        }
        return false;
    }

    private static List<Path> list(Path directory) throws IOException {
        var found = new ArrayList<Path>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        }
        return found;
    }
}
