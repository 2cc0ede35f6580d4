package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever takes a number over and goes no further leaves no way into it to whom it was taken from. */
class RedisHeirTest {

    private final Server server = RedisServers.bundled();
    private final RedisProbe probe = new RedisProbe(server);
    private final String run = Bench.newRun();

    @AfterEach
    void leave() {
        server.close();
    }

    @ParameterizedTest(name = "by {0}")
    @ValueSource(strings = {"a run that has ended since", "this run"})
    void aTakeoverThatStoppedHalfWayIsFinished(String by) {
        String heir = by.equals("this run") ? run : "gone" + run;
        try (Slices<Redis> late = RedisServers.slices(server, "late" + run);
                Slices<Redis> slices = RedisServers.slices(server, run)) {
            Slice<Redis> slice = late.create(1);
            Redis redis = slice.handOut(new Tenant("LateTest.goesOn"));
            StatefulRedisConnection<String, String> connection = redis.client().connect();
            connection.sync().set("key", "of the late one");
            String number = Integer.toString(redis.database());
            String claimed = heir + "/" + redis.user();
            probe.inRegistry(it -> it.hset("isolated:numbers", number, claimed));

            await().until(() -> {
                slices.leftovers().forEach(it -> it.remove());
                return !claimed.equals(probe.inRegistry(it -> it.hget("isolated:numbers", number)));
            });

            List<String> users = probe.asAdministrator(0, it -> it.aclUsers());
            assertThat(users).doesNotContain(redis.user());
            long keys = probe.asAdministrator(redis.database(), it -> it.dbsize());
            assertThat(keys).isZero();
            redis.client().shutdown();
        }
    }

    @Test
    void whoLivesAgainBeforeTheTakeoverKeepsItsNumber() {
        String late = Bench.newRun();
        try (Slices<Redis> owners = RedisServers.slices(server, late);
                Slices<Redis> heirs = RedisServers.slices(server, run)) {
            Slice<Redis> slice = owners.create(1);
            Redis redis = slice.handOut(new Tenant("LateTest.livesAgain"));
            redis.client().connect().sync().set("key", "of the late one");
            List<Leftover> sighted = await().until(
                            () -> {
                                probe.inRegistry(it -> it.del(RedisProbe.signOfLife(late)));
                                return leftBy(heirs, late);
                            },
                            it -> !it.isEmpty());
            await().until(() -> probe.inRegistry(it -> it.exists(RedisProbe.signOfLife(late))) == 1);

            assertThat(sighted)
                    .singleElement()
                    .satisfies(it ->
                            assertThat(it.remove()).as("that it was taken over").isFalse());
            assertThat(redis.client().connect().sync().get("key")).isEqualTo("of the late one");
            assertThat(redis.sync().get("key")).isEqualTo("of the late one");
            List<String> users = probe.asAdministrator(0, it -> it.aclUsers());
            assertThat(users).contains(redis.user());
            slice.reset();
            slice.awaitReset();
            slice.destroy();
        }
    }

    @Test
    void theUserOfANumberIsTheOneItHadFirst() {
        try (Slices<Redis> slices = RedisServers.slices(server, run)) {
            Slice<Redis> slice = slices.create(7);
            Redis redis = slice.handOut(new Tenant("FirstTest.leases"));

            assertThat(redis.user()).isEqualTo("isolated_" + run + "_7");
            slice.destroy();
        }
    }

    @Test
    void aKilledJvmsNumberIsFreeWhenItsSignOfLifeHasExpired() throws Exception {
        try (Slices<Redis> witness = RedisServers.slices(server, run)) {
            String killed = Bench.newRun();
            Process jvm = RedisMain.start(server, killed);
            int database = Integer.parseInt(ChildJvm.line(jvm));
            assertThat(leftBy(witness, killed)).as("while it lives").isEmpty();
            jvm.destroyForcibly().waitFor();

            await().atMost(Duration.ofSeconds(15))
                    .untilAsserted(() -> assertThat(leftBy(witness, killed))
                            .singleElement()
                            .satisfies(it -> assertThat(it.describe()).contains("database " + database)));
            assertThat(leftBy(witness, killed)).allMatch(Leftover::remove);
            assertThat(leftBy(witness, killed)).isEmpty();
            long left = probe.asAdministrator(database, redis -> redis.dbsize());
            assertThat(left).isZero();
        }
    }

    private static List<Leftover> leftBy(Slices<Redis> witness, String run) {
        return witness.leftovers().stream()
                .filter(it -> it.describe().contains("run " + run))
                .toList();
    }
}
