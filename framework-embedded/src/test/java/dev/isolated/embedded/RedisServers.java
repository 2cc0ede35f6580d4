package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import java.util.HashMap;
import java.util.List;
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
        return new EmbeddedSource().start(new RedisService(), settings(program, more));
    }

    /** Servers each of which is somebody's alone. */
    static OwnServers own(String program) {
        return options -> new EmbeddedSource().startOwn(new RedisService(), settings(program, Map.of()), options);
    }

    /** The slices of a run of that name, which lease databases. */
    static Slices<Redis> slices(Server server, String run) {
        var plan = new Plan(RedisService.DATABASE, List.of(), Settings.builder().build(), run);
        return new RedisService().connect(server, plan);
    }

    private static Settings settings(String program, Map<String, String> more) {
        var texts = new HashMap<>(more);
        texts.put("isolated.embedded.redis", program);
        return Settings.builder()
                .declare(new EmbeddedSource().keys())
                .layer("test", texts)
                .build();
    }
}
