package dev.isolated.container;

import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** ClickHouse in containers of the project's own image, to which the engine and the classes under test are added. */
public final class CiClickHouse {

    private static final String AROUND = "isolated-ci/clickhouse";
    private static final String ENGINE = "isolated-ci/clickhouse-engine";
    private static final String IMAGE = "isolated-ci/clickhouse-front";
    private static final ClickHouseService SERVICE = new ClickHouseService();

    private CiClickHouse() {}

    /** Skips the tests where there is no Docker or no such image, or fails them where CONTAINERS_REQUIRED=true. */
    public static void require() {
        CiImage.require(AROUND);
    }

    /** Makes the image that containers are started from. */
    public static void build(Path library, Path classes) throws IOException, InterruptedException {
        build(ENGINE, AROUND, library.getParent(), library.getFileName().toString());
        build(IMAGE, ENGINE, classes, "*.jar");
    }

    private static void build(String image, String from, Path directory, String files)
            throws IOException, InterruptedException {
        Process docker = new ProcessBuilder("docker", "build", "-q", "-t", image, "-f", "-", directory.toString())
                .redirectErrorStream(true)
                .start();
        try (OutputStream recipe = docker.getOutputStream()) {
            recipe.write(("FROM " + from + "\nCOPY " + files + " /opt/clickhouse/\n").getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(docker.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (docker.waitFor() != 0) {
            throw new IOException("docker builds no " + image + ": " + said);
        }
    }

    /** A server whose files are in that directory, in a container that ends with this JVM or is shared. */
    public static Server start(Path directory, boolean shared) throws IOException {
        return ContainerSource.start(SERVICE, settings(shared), Places.in(directory), Duration.ofSeconds(10));
    }

    private static Settings settings(boolean shared) {
        var source = new ContainerSource();
        return Settings.builder()
                .declare(source.keys())
                .declare(source.keys(SERVICE))
                .layer(
                        "test",
                        Map.of(
                                "isolated.clickhouse.container.image",
                                IMAGE,
                                "isolated.clickhouse.container.pull",
                                "never",
                                "isolated.clickhouse.container.reuse",
                                shared ? "yes" : "no"))
                .build();
    }
}
