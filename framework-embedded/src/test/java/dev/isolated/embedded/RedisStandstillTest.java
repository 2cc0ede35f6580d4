package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import io.lettuce.core.api.sync.RedisCommands;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A JVM's servers of which some stand still and some are dead: they hold up nothing that concerns another one. */
class RedisStandstillTest {

    /** As many as there are threads that all connections of a JVM share, in each way. */
    private static final int OF_EACH = 2;

    /** Healthy runs; more than the threads of either kind, so that no run is spared by chance. */
    private static final int WITNESSES = 2 * OF_EACH;

    /** How long a run's sign of life lasts, and how old it may be where one is given every second. */
    private static final Duration LIFE = Duration.ofSeconds(8);

    private static final Duration FRESH = Duration.ofSeconds(5);

    /** Long enough for a run that was held up to show that it is. */
    private static final Duration LONG = Duration.ofSeconds(6);

    /** Less than a command waits for its answer. */
    private static final Duration SOON = Duration.ofSeconds(15);

    private final List<Silent> standing = new ArrayList<>();
    private final List<Silent> dead = new ArrayList<>();
    private Server server;

    @BeforeEach
    void start() throws Exception {
        server = RedisServers.own("auto").start(List.of());
        for (int i = 0; i < OF_EACH; i++) {
            standing.add(Silent.start());
            dead.add(Silent.start());
        }
    }

    private void silence() throws Exception {
        for (Silent each : standing) {
            each.process.stop();
        }
        for (Silent each : dead) {
            each.process.kill();
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (Silent each : standing) {
            each.process.kill();
        }
        standing.forEach(Silent::close);
        dead.forEach(Silent::close);
        server.close();
    }

    @Test
    void runsShowThatTheyLive() throws Exception {
        var runs = new TreeMap<String, Slices<Redis>>();
        try {
            for (int i = 0; i < WITNESSES; i++) {
                String run = Bench.newRun();
                runs.put(run, RedisServers.slices(server, run));
            }
            silence();
            List<String> last = new RedisProbe(server).inRegistry(redis -> {
                await().during(LONG)
                        .atMost(SOON)
                        .untilAsserted(() -> assertThat(runs.keySet())
                                .allSatisfy(run -> assertThat(age(redis, run)).isLessThan(FRESH.toMillis())));
                return runs.keySet().stream()
                        .map(run -> redis.get(RedisProbe.signOfLife(run)))
                        .toList();
            });
            assertThat(last)
                    .allMatch(it ->
                            it.contains("process " + ProcessHandle.current().pid()));
        } finally {
            runs.values().forEach(Slices::close);
        }
    }

    /** How many milliseconds ago a run gave its sign of life; more than any is old where there is none. */
    private static long age(RedisCommands<String, String> redis, String run) {
        return LIFE.toMillis() - redis.pttl(RedisProbe.signOfLife(run));
    }

    @Test
    void databasesAreLeased() throws Exception {
        try (Slices<Redis> slices = RedisServers.slices(server, Bench.newRun())) {
            silence();
            long start = System.nanoTime();
            Slice<Redis> slice = slices.create(1);
            for (String name : List.of("FirstTest.writes", "NextTest.writes")) {
                Redis redis = slice.handOut(new Tenant(name));
                assertThat(redis.client().connect().sync().keys("*")).isEmpty();
                redis.sync().set("key", "value");
                slice.reset();
                slice.awaitReset();
            }
            slice.destroy();
            assertThat(since(start)).isLessThan(SOON);
        }
    }

    @Test
    void serversStartAndFormAClusterOrAreConnectedTo() throws Exception {
        silence();
        long start = System.nanoTime();
        OwnServers own = RedisServers.own("auto");
        var plan = new Plan(RedisService.CLUSTER, List.of(), Settings.builder().build(), Bench.newRun(), own);
        try (Slices<Redis> clusters = new RedisService().connect(server, plan);
                Server another = own.start(List.of());
                Slices<Redis> databases = RedisServers.slices(another, Bench.newRun())) {
            clusters.create(1).destroy();
            databases.create(1).destroy();
            assertThat(since(start)).isLessThan(SOON);
        }
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** A server that is going to say nothing more to the run that is connected to it. */
    private record Silent(Server server, RedisProcess process, Slices<Redis> slices) {

        static Silent start() {
            Server server = RedisServers.own("auto").start(List.of());
            return new Silent(server, RedisProcess.of(server), RedisServers.slices(server, Bench.newRun()));
        }

        /** Where it is known to be dead, nobody waits for its answer. */
        void close() {
            await().until(() -> server.hold().death().isPresent());
            slices.close();
            server.close();
        }
    }
}
