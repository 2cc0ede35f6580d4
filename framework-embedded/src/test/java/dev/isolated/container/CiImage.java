package dev.isolated.container;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Service;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The image that container tests start: the project's own, or whatever CONTAINER_IMAGE_POSTGRES names. */
final class CiImage {

    static final Service<Postgres> SERVICE = new PostgresService();

    private static final String POSTGRES =
            Optional.ofNullable(System.getenv("CONTAINER_IMAGE_POSTGRES")).orElse("isolated-ci/postgres");

    private CiImage() {}

    /** Skips the tests where there is no Docker or no such image, or fails them where CONTAINERS_REQUIRED=true. */
    static void require() {
        try {
            if (Docker.engine().images().find(Images.resolve(POSTGRES, "")).isEmpty()) {
                missing("Docker has no image " + POSTGRES + "; .ci/docker builds it");
            }
        } catch (IOException e) {
            missing("Docker does not answer: " + e.getMessage());
        }
    }

    private static void missing(String reason) {
        if ("true".equals(System.getenv("CONTAINERS_REQUIRED"))) {
            fail("CONTAINERS_REQUIRED is true, but " + reason);
        }
        abort(reason);
    }

    static Settings settings(String... more) {
        var texts = new TreeMap<>(
                Map.of("isolated.postgres.container.image", POSTGRES, "isolated.postgres.container.pull", "never"));
        for (int i = 0; i < more.length; i += 2) {
            texts.put("isolated." + more[i], more[i + 1]);
        }
        var source = new ContainerSource();
        return Settings.builder()
                .declare(source.keys())
                .declare(source.keys(SERVICE))
                .layer("test", texts)
                .build();
    }
}
