package dev.isolated.container;

import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Redis in containers of the project's own image. */
public final class CiRedis {

    private static final String IMAGE = "isolated-ci/redis";
    private static final RedisService SERVICE = new RedisService();

    private CiRedis() {}

    /** Skips the tests where there is no Docker or no such image, or fails them where CONTAINERS_REQUIRED=true. */
    public static void require() {
        CiImage.require(IMAGE);
    }

    /** A server whose files are in that directory, in a container that ends with this JVM or is shared. */
    public static Server start(Path directory, boolean shared) throws IOException {
        return ContainerSource.start(SERVICE, settings(shared), Places.in(directory), Duration.ofSeconds(10));
    }

    /** Servers each of which is somebody's alone. */
    public static OwnServers own() {
        return options -> new ContainerSource().startOwn(SERVICE, settings(false), options);
    }

    private static Settings settings(boolean shared) {
        var source = new ContainerSource();
        return Settings.builder()
                .declare(source.keys())
                .declare(source.keys(SERVICE))
                .layer(
                        "test",
                        Map.of(
                                "isolated.redis.container.image",
                                IMAGE,
                                "isolated.redis.container.pull",
                                "never",
                                "isolated.redis.container.reuse",
                                shared ? "yes" : "no"))
                .build();
    }
}
