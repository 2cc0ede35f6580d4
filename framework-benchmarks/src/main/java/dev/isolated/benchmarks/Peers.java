package dev.isolated.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What a start is compared with, each in a JVM of its own: zonky, and Testcontainers where there is a Docker engine. */
record Peers(List<Peer> all) {

    /** A peer by the name that its results carry, and the fixture that is run for it. */
    record Peer(String name, Class<?> firstRow, Class<?> fixture) {}

    private static final Path DOCKER = Path.of("/var/run/docker.sock");

    static Peers here(Report report) {
        var zonky = new Peer("zonky", ZonkyFirstRow.class, ZonkyFixture.class);
        if (Files.exists(DOCKER) || System.getenv("DOCKER_HOST") != null) {
            return new Peers(List.of(
                    zonky, new Peer("testcontainers", TestcontainersFirstRow.class, TestcontainersFixture.class)));
        }
        report.line("no Docker engine here, so there is nothing to compare with Testcontainers");
        return new Peers(List.of(zonky));
    }
}
