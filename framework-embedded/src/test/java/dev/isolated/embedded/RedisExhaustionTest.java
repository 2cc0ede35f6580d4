package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.contract.OwnThread;
import dev.isolated.error.LeaseTimeoutException;
import dev.isolated.error.NoRoomException;
import dev.isolated.lease.Lease;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import dev.isolated.spi.Tenure;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A server with two databases for tests, and more that want one. */
@Tag("long")
class RedisExhaustionTest {

    private static final RedisService SERVICE = new RedisService();
    private static final String GREEDY = "66666666";

    /** Eight seconds without a sign of life, two to look again, and some for a busy machine. */
    private static final Duration TAKEOVER = Duration.ofSeconds(20);

    /** Where the user has something: in a database that is never leased, and in one that could be. */
    private static final List<Integer> USERS = List.of(0, 1);

    private Server server;

    @BeforeEach
    void start() {
        Server own = RedisServers.own("auto").start(List.of("--databases", "4"));
        server = new Server(own.service(), "test", own.version(), own.endpoint(), Tenure.FOREIGN, own.hold());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void whereAllNumbersAreLeasedTheirHoldersAreNamedAtOnce() {
        try (Slices<Redis> greedy = connect(GREEDY);
                Slices<Redis> hungry = connect("77777777")) {
            assertThat(hungry.capacity()).isEqualTo(2);
            Slice<Redis> first = greedy.create(1);
            Slice<Redis> second = greedy.create(2);
            assertThatThrownBy(() -> hungry.create(1))
                    .isInstanceOf(NoRoomException.class)
                    .hasMessageContaining("one of 2 to be free and empty")
                    .hasMessageContaining("2 by run " + GREEDY + " (process "
                            + ProcessHandle.current().pid());
            first.destroy();
            hungry.create(1).destroy();
            second.destroy();
        }
    }

    @Test
    void aTestThatWaitsInVainIsToldWhoHasTheNumbers() {
        try (Slices<Redis> greedy = connect(GREEDY)) {
            Slice<Redis> first = greedy.create(1);
            Slice<Redis> second = greedy.create(2);
            try (Bench<Redis> hungry = bench("1s")) {
                assertThatThrownBy(() -> hungry.pool().lease("HungryTest.waits"))
                        .isInstanceOf(LeaseTimeoutException.class)
                        .hasMessageContaining("HungryTest.waits")
                        .cause()
                        .hasMessageContaining("2 by run " + GREEDY);
            }
            first.destroy();
            second.destroy();
        }
    }

    @Test
    void aRunThatHasANumberGoesOnWithThat() throws Exception {
        try (Slices<Redis> greedy = connect(GREEDY)) {
            Slice<Redis> other = greedy.create(1);
            try (Bench<Redis> modest = bench("60s")) {
                Lease<Redis> lease = modest.pool().lease("FirstTest.hasIt");
                CompletableFuture<Void> next = OwnThread.run(
                        () -> modest.pool().lease("NextTest.waitsForIt").close());
                await().until(() -> modest.pool().status().waiting() == 1);
                lease.close();
                next.get(20, TimeUnit.SECONDS);
            }
            other.destroy();
        }
    }

    @Test
    void whatIsTheUsersOwnIsNeitherLeasedNorEmptied() {
        var probe = new RedisProbe(server);
        for (int database : USERS) {
            probe.asAdministrator(database, redis -> redis.set("key", "of the user"));
        }
        try (Slices<Redis> slices = connect("77777777")) {
            for (int i = 0; i < 2; i++) {
                Slice<Redis> slice = slices.create(1);
                Redis redis = slice.handOut(new Tenant("GuestTest.writes " + i));
                assertThat(redis.database())
                        .as("the only one that is free and empty")
                        .isEqualTo(2);
                assertThat(redis.client().connect().sync().set("key", "of the guest"))
                        .isEqualTo("OK");
                assertThatThrownBy(() -> slices.create(2))
                        .isInstanceOf(NoRoomException.class)
                        .hasMessageContaining("one of 2 to be free and empty")
                        .hasMessageContaining("1 by run 77777777");
                slice.reset();
                slice.awaitReset();
                slice.destroy();
            }
        }
        for (int database : USERS) {
            String value = probe.asAdministrator(database, redis -> redis.get("key"));
            assertThat(value).isEqualTo("of the user");
        }
        Long left = probe.asAdministrator(2, redis -> redis.dbsize());
        assertThat(left).isZero();
    }

    /** Who waits keeps nobody from looking for what the dead have left. */
    @Test
    void testsThatWaitGetTheNumbersOfRunsThatWereKilled() throws Exception {
        Process one = killed("22222222");
        Process other = killed("33333333");
        assertThat(List.of(one, other)).noneMatch(Process::isAlive);
        long start = System.nanoTime();
        try (Bench<Redis> hungry = bench("60s");
                Lease<Redis> first = hungry.pool().lease("FirstTest.waits");
                Lease<Redis> second = hungry.pool().lease("SecondTest.waits")) {
            assertThat(first.handle().sync().keys("*")).isEmpty();
            assertThat(second.handle().sync().keys("*")).isEmpty();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("how long the numbers of dead runs are nobody's")
                    .isLessThan(TAKEOVER);
        }
    }

    private Process killed(String run) throws Exception {
        Process jvm = RedisMain.start(server, run);
        assertThat(Integer.parseInt(ChildJvm.line(jvm)))
                .as("the number that it has")
                .isPositive();
        jvm.destroyForcibly().waitFor();
        return jvm;
    }

    private Bench<Redis> bench(String timeout) {
        Settings settings = Settings.builder()
                .layer(
                        "test",
                        Map.of(
                                "isolated.environments.max", "2",
                                "isolated.lease.warm", "2",
                                "isolated.lease.timeout", timeout))
                .build();
        return Bench.open(SERVICE, server, RedisService.DATABASE, settings);
    }

    private Slices<Redis> connect(String run) {
        return SERVICE.connect(
                server,
                new Plan(RedisService.DATABASE, List.of(), Settings.builder().build(), run));
    }
}
