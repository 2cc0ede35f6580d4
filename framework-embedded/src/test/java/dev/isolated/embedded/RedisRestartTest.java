package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.error.IsolationException;
import dev.isolated.lease.Lease;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server of the user's own forgets everything, or something, while a run uses it. */
class RedisRestartTest {

    private static final Secret PASSWORD = Secret.random();

    /** As many databases as a Redis has, from 0 on. */
    private static final int LAST = 15;

    @TempDir
    private Path directory;

    private List<String> persistence = List.of("save \"\"");
    private int port;
    private Process redis;

    @BeforeEach
    void start() throws IOException {
        redis = UsersRedis.start(directory, () -> {
            port = UsersRedis.freePort();
            return configuration();
        });
    }

    /** At the same port. */
    private void restart() throws Exception {
        stop();
        redis = UsersRedis.start(directory, this::configuration);
    }

    private List<String> configuration() {
        var lines = new ArrayList<>(List.of("bind 127.0.0.1", "port " + port, "requirepass " + PASSWORD.reveal()));
        lines.addAll(persistence);
        lines.add("");
        return lines;
    }

    @AfterEach
    void stop() throws InterruptedException {
        redis.destroyForcibly().waitFor();
    }

    @Test
    void whatWasReadyBeforeARestartIsGoodForTheNextTest() throws Exception {
        try (Bench<Redis> bench = bench()) {
            bench.awaitRest();
            restart();
            try (Lease<Redis> first = bench.pool().lease("FirstTest.afterwards");
                    Lease<Redis> second = bench.pool().lease("SecondTest.afterwards")) {
                first.handle().sync().set("key", "of the first");
                second.handle().client().connect().sync().set("key", "of the second");
                assertThat(first.handle().sync().get("key")).isEqualTo("of the first");
                assertThat(first.handle().database())
                        .isNotEqualTo(second.handle().database());
            }
        }
    }

    @Test
    void aTestDuringARestartFailsSayingSoAndTheNextOneWorks() throws Exception {
        try (Bench<Redis> bench = bench()) {
            Lease<Redis> struck = bench.pool().lease("StruckTest.isStruck");
            struck.handle().sync().set("key", "before");
            restart();
            await().untilAsserted(() -> assertThatThrownBy(
                            () -> struck.handle().sync().get("key"))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("Could not use the connection of StruckTest.isStruck")
                    .hasMessageContaining("it was restarted"));
            assertThatThrownBy(struck::close)
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("after StruckTest.isStruck")
                    .hasMessageContaining("the server was restarted");
            try (Lease<Redis> next = bench.pool().lease("NextTest.works")) {
                assertThat(next.handle().sync().keys("*")).isEmpty();
                next.handle().sync().set("key", "after");
            }
        }
    }

    /** What was written comes back, with who has which number; users do not. */
    @ParameterizedTest
    @ValueSource(strings = {"appendonly yes", "appendonly no"})
    void aTestDuringARestartThatKeepsTheDataFailsSayingSoAndTheNextOneWorks(String log) throws Exception {
        persistence = List.of("dir " + directory, log);
        restart();
        try (Bench<Redis> bench = bench()) {
            Lease<Redis> struck = bench.pool().lease("StruckTest.isStruck");
            Lease<Redis> idle = bench.pool().lease("IdleTest.isStruck");
            struck.handle().sync().set("key", "before");
            int database = struck.handle().database();
            String saved = new RedisProbe(server()).asAdministrator(0, redis -> redis.save());
            assertThat(saved).isEqualTo("OK");
            restart();
            String kept = new RedisProbe(server()).asAdministrator(database, redis -> redis.get("key"));
            assertThat(kept).isEqualTo("before");
            for (Lease<Redis> each : List.of(struck, idle)) {
                assertThatThrownBy(each::close)
                        .isInstanceOf(IsolationException.class)
                        .hasMessageContaining("after " + each.holder())
                        .hasMessageContaining("the server was restarted");
            }
            try (Lease<Redis> next = bench.pool().lease("NextTest.works");
                    Lease<Redis> beside = bench.pool().lease("BesideTest.works")) {
                assertThat(next.handle().sync().keys("*")).isEmpty();
                assertThat(beside.handle().client().connect().sync().keys("*")).isEmpty();
                next.handle().sync().set("key", "after");
            }
        }
    }

    @Test
    void whatWasReadyBeforeARestartThatKeepsTheDataIsGoodForTheNextTest() throws Exception {
        persistence = List.of("dir " + directory, "appendonly yes");
        restart();
        try (Bench<Redis> bench = bench()) {
            bench.awaitRest();
            restart();
            for (int i = 0; i < 3; i++) {
                try (Lease<Redis> lease = bench.pool().lease("AfterwardsTest.works " + i)) {
                    assertThat(lease.handle().client().connect().sync().keys("*"))
                            .isEmpty();
                    lease.handle().sync().set("key", "value");
                }
            }
        }
    }

    @Test
    void aTestDuringWhichTheWholeServerIsEmptiedFailsAndNoTwoTestsShareADatabaseAfterwards() {
        try (Bench<Redis> bench = bench();
                Bench<Redis> other = bench()) {
            bench.awaitRest();
            other.awaitRest();
            Lease<Redis> struck = bench.pool().lease("StruckTest.isEmptied");
            struck.handle().sync().set("key", "before");
            new RedisProbe(server()).asAdministrator(0, redis -> redis.flushall());
            awaitSignsOfLife(2);

            assertThatThrownBy(struck::close)
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("after StruckTest.isEmptied")
                    .hasMessageContaining("somebody emptied all of it");
            try (Bench<Redis> late = bench()) {
                List<Bench<Redis>> runs = List.of(late, bench, other, late, bench, other);
                List<Lease<Redis>> leases = runs.stream()
                        .map(run -> run.pool().lease("NextTest.works"))
                        .toList();
                assertThat(leases)
                        .extracting(lease -> lease.handle().database())
                        .doesNotHaveDuplicates();
                leases.forEach(lease -> lease.handle().sync().set("key", "after"));
                leases.forEach(Lease::close);
            }
        }
    }

    /** Whoever has the number by now lists its users, is held up, and removes them when the slice has been made again. */
    @Test
    void whoRemovesTheUsersOfBeforeTooLateHitsNoSliceThatWasMadeAgain() {
        try (Bench<Redis> bench = bench()) {
            bench.awaitRest();
            var probe = new RedisProbe(server());
            probe.asAdministrator(0, redis -> redis.flushall());
            String[] listed = probe.asAdministrator(0, redis -> redis.aclUsers()).stream()
                    .filter(user -> user.startsWith("isolated_"))
                    .toArray(String[]::new);
            assertThat(listed).hasSizeGreaterThanOrEqualTo(4);
            awaitSignsOfLife(1);
            try (Lease<Redis> first = bench.pool().lease("FirstTest.works");
                    Lease<Redis> second = bench.pool().lease("SecondTest.works")) {
                List<String> users = probe.asAdministrator(0, redis -> redis.aclUsers());
                assertThat(users).doesNotContain(listed);
                assertThat(probe.owners().filter(it -> it.contains("/"))).hasSize(2);
                long removed = probe.asAdministrator(0, redis -> redis.aclDeluser(listed));
                assertThat(removed).isZero();
                for (Lease<Redis> each : List.of(first, second)) {
                    each.handle().sync().set("key", "after");
                    assertThat(each.handle().client().connect().sync().get("key"))
                            .isEqualTo("after");
                }
            }
        }
    }

    /** Of so many runs, and again, so that what the first has told is known. */
    private void awaitSignsOfLife(int runs) {
        long told = new RedisProbe(server()).asAdministrator(LAST, redis -> {
            long forgotten = redis.del(awaitSignsOfLife(redis, runs));
            awaitSignsOfLife(redis, runs);
            return forgotten;
        });
        assertThat(told).isEqualTo(runs);
    }

    private static String[] awaitSignsOfLife(RedisCommands<String, String> redis, int runs) {
        return await().until(() -> redis.keys("isolated:run:*"), it -> it.size() == runs)
                .toArray(String[]::new);
    }

    @Test
    void scriptsThatTheServerForgetsAreMissedByNobody() throws Exception {
        try (Bench<Redis> bench = bench()) {
            for (int i = 0; i < 5; i++) {
                try (Lease<Redis> lease = bench.pool().lease("ScriptTest.runs " + i)) {
                    assertThat(lease.handle().client().connect().sync().keys("*"))
                            .isEmpty();
                    lease.handle().sync().set("key", "value");
                    String flushed = new RedisProbe(server()).asAdministrator(0, redis -> redis.scriptFlush());
                    assertThat(flushed).isEqualTo("OK");
                }
            }
        }
    }

    private Bench<Redis> bench() {
        Settings settings = Settings.builder()
                .layer("test", Map.of("isolated.environments.max", "2", "isolated.lease.warm", "2"))
                .build();
        return Bench.open(new RedisService(), server(), RedisService.DATABASE, settings);
    }

    private Server server() {
        var endpoint = Endpoint.plain("127.0.0.1", port, "default", PASSWORD);
        return new Server("redis", "test", "", endpoint, Tenure.FOREIGN, Hold.NONE);
    }
}
