package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.util.HashMap;
import java.util.Map;

/** Embedded servers of Redis for tests. */
final class RedisServers {

    private RedisServers() {}

    static Server bundled() {
        return start("bundled", Map.of());
    }

    /** The one that is installed; the build installs one. */
    static Server fromPath() {
        Server server = start("auto", Map.of());
        assertThat(server.version())
                .as("the version of redis-server on the path")
                .doesNotStartWith("6.");
        return server;
    }

    static Server start(String program, Map<String, String> more) {
        var source = new EmbeddedSource();
        var texts = new HashMap<>(more);
        texts.put("isolated.embedded.redis", program);
        return source.start(
                new RedisService(),
                Settings.builder().declare(source.keys()).layer("test", texts).build());
    }
}
