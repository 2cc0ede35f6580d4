package dev.isolated.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;

/** What a start is compared with, each in a JVM of its own: zonky, and Testcontainers where there is a Docker engine. */
record Peers(List<Peer> all) {

    /** A peer by the name that its results carry, and the fixture that is run for it. */
    record Peer(String name, Class<?> firstRow, Class<?> fixture) {}

    private static final Path DOCKER = Path.of("/var/run/docker.sock");
    private static final Path MEMORY = Path.of("/dev/shm");

    static Peers here(Report report) {
        var zonky = new Peer("zonky", ZonkyFirstRow.class, ZonkyFixture.class);
        if (Files.exists(DOCKER) || System.getenv("DOCKER_HOST") != null) {
            return new Peers(List.of(
                    zonky, new Peer("testcontainers", TestcontainersFirstRow.class, TestcontainersFixture.class)));
        }
        report.line("no Docker engine here, so there is nothing to compare with Testcontainers");
        return new Peers(List.of(zonky));
    }

    /** Settings for servers of this benchmark alone, that stay or do not stay for the next round. */
    static Map<String, String> servers(boolean warm) {
        return Map.of(
                "isolated.embedded.directory",
                directory().toString(),
                "isolated.embedded.warm",
                warm ? "on" : "off",
                "isolated.embedded.idle",
                "30s");
    }

    private static Path directory() {
        try {
            Path directory = Files.isDirectory(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "isolated-benchmark")
                    : Files.createTempDirectory("isolated-benchmark");
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
            return directory;
        } catch (IOException e) {
            throw new BenchmarkFailure("no directory for servers: " + e);
        }
    }
}
