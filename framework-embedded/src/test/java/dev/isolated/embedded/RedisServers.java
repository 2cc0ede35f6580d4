package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Hold;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenure;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/** Embedded servers of Redis for tests. */
final class RedisServers {

    /** By program; they end with this JVM. */
    private static final Map<String, Server> STARTED = new ConcurrentHashMap<>();

    /** How soon a server says that a script keeps it busy; by itself it waits five seconds, and so would tests. */
    private static final List<String> BUSY_SOON = List.of("--lua-time-limit", "500");

    private RedisServers() {}

    static Server bundled() {
        return ofThisJvm("bundled");
    }

    /** The one that is installed; the build installs one. */
    static Server fromPath() {
        Server server = ofThisJvm("auto");
        assertThat(server.version())
                .as("the version of redis-server on the path")
                .doesNotStartWith("6.");
        return server;
    }

    /** Valkey, where it is installed: else the tests are skipped, or fail where VALKEY_REQUIRED=true. */
    static Server valkey() {
        return ofThisJvm(valkeyProgram());
    }

    static String valkeyProgram() {
        Optional<String> program = Programs.onPath("valkey-server");
        assertThat(program.isPresent() || !"true".equals(System.getenv("VALKEY_REQUIRED")))
                .as("that valkey-server is on the path, as VALKEY_REQUIRED says")
                .isTrue();
        assumeThat(program)
                .as("valkey-server on the path; .ci/valkey installs it")
                .isPresent();
        return program.orElseThrow();
    }

    /** Closing it leaves it to the next test; tests may count and change what is on it, for no other build finds it. */
    private static Server ofThisJvm(String program) {
        Server server = STARTED.computeIfAbsent(program, it -> own(it).start(List.of()));
        var hold = new Lent(server.hold());
        return new Server(server.service(), server.source(), server.version(), server.endpoint(), Tenure.SHARED, hold);
    }

    private record Lent(Hold hold) implements Hold {

        @Override
        public Optional<String> death() {
            return hold.death();
        }

        @Override
        public Optional<Path> log() {
            return hold.log();
        }
    }

    /** Servers each of which is somebody's alone. */
    static OwnServers own(String program) {
        return options -> new EmbeddedSource()
                .startOwn(
                        new RedisService(),
                        settings(program),
                        Stream.concat(BUSY_SOON.stream(), options.stream()).toList());
    }

    /** The slices of a run of that name, which lease databases. */
    static Slices<Redis> slices(Server server, String run) {
        var plan = new Plan(RedisService.DATABASE, List.of(), Settings.builder().build(), run);
        return new RedisService().connect(server, plan);
    }

    private static Settings settings(String program) {
        return Settings.builder()
                .declare(new EmbeddedSource().keys())
                .layer("test", Map.of("isolated.embedded.redis", program))
                .build();
    }
}
