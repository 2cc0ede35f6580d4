package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.contract.Bench;
import dev.isolated.contract.Captured;
import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import dev.isolated.error.LeaseEndedException;
import dev.isolated.lease.Lease;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Request;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.pubsub.StatefulRedisClusterPubSubConnection;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test that asks for a cluster has three servers, and a client of them that ends with it. */
@Tag("long")
class RedisClusterTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    private static final Map<String, String> ONE_AT_ONCE =
            Map.of("isolated.environments.max", "1", "isolated.lease.warm", "1");

    @ParameterizedTest
    @ValueSource(strings = {"auto", "bundled"})
    void aClusterHasItsKeysOnThreeServersAndTheNextTestFindsAnEmptyOne(String program) {
        Catalog catalog = Catalog.found();
        Settings settings = catalog.settings(
                Map.of(
                        "isolated.redis.source", "embedded",
                        "isolated.embedded.redis", program,
                        "isolated.environments.max", "1",
                        "isolated.lease.warm", "1"),
                Map.of());
        Request cluster = Request.of(Redis.class, RedisService.CLUSTER);
        try (var environments = new Environments(catalog, settings)) {
            for (int i = 0; i < 2; i++) {
                try (IsolatedEnvironment environment =
                        environments.open("ClusterTest.scatters " + i, List.of(cluster))) {
                    var commands =
                            environment.get(Redis.class).cluster().connect().sync();
                    assertThat(commands.dbsize()).isZero();
                    for (int key = 0; key < 100; key++) {
                        commands.set("key " + key, "value");
                    }
                    assertThat(commands.dbsize()).isEqualTo(100);
                    assertThat(commands.clusterInfo()).contains("cluster_size:3");
                    assertThat(environment.evidence())
                            .filteredOn(it -> it.title().contains("keys in database 0"))
                            .hasSize(3)
                            .allMatch(it -> it.text().contains("key "));
                }
            }
        }
    }

    @Test
    void oneServerThatIsStoppedKeepsNothingOfTheOthersFromBeingTold() {
        Plan plan = plan(RedisService.CLUSTER);
        try (Server server = RedisServers.bundled();
                Slices<Redis> slices = new RedisService().connect(server, plan)) {
            Slice<Redis> slice = slices.create(1);
            Redis redis = slice.handOut(new Tenant("StoppingTest.stopsOne"));
            redis.client().connect().sync().shutdown(false);

            assertThat(slice.evidence())
                    .filteredOn(it -> it.title().equals("keys in database 0"))
                    .hasSize(2)
                    .allMatch(it -> it.text().equals("0 keys"));
            assertThat(slice.evidence())
                    .filteredOn(it -> it.title().startsWith("what is on redis "))
                    .singleElement()
                    .satisfies(it -> assertThat(it.text()).contains("could not be had: "));
            slice.destroy();
        }
    }

    @Test
    void whatAnEndedTestsClientIsAskedIsRefusedAndNamesTheTest() {
        try (Server server = RedisServers.bundled();
                Bench<Redis> bench = bench(server, RedisService.CLUSTER)) {
            Lease<Redis> lease = bench.pool().lease("EndedTest.keepsItsClient");
            RedisClusterClient client = lease.handle().cluster();
            StatefulRedisClusterConnection<String, String> connection = client.connect();
            StatefulRedisClusterPubSubConnection<String, String> listening = client.connectPubSub();
            String first = connection.getPartitions().getPartition(0).getNodeId();
            StatefulRedisConnection<String, String> node = connection.getConnection(first);
            connection.sync().set("key", "in time");
            assertThat(node.sync().ping()).isEqualTo("PONG");
            lease.close();

            refused(() -> connection.sync().set("key", "too late"));
            refused(() -> connection.sync().dbsize());
            refused(() -> connection.reactive().dbsize().block());
            refused(() -> connection.getConnection(first));
            refused(() -> connection.reactive().get("key").block());
            refused(() -> node.sync().ping());
            assertThat(connection.async().get("key").toCompletableFuture())
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(LeaseEndedException.class);
            refused(client::connect);
            refused(client::connectPubSub);
            refused(() -> client.connectAsync(StringCodec.UTF8));
            refused(() -> client.connectPubSubAsync(StringCodec.UTF8));
            assertThatThrownBy(() -> listening.sync().subscribe("channel")).isInstanceOf(RedisException.class);
        }
    }

    private static void refused(ThrowingCallable attempt) {
        assertThatThrownBy(attempt)
                .isInstanceOf(LeaseEndedException.class)
                .hasMessageContaining("EndedTest.keepsItsClient")
                .hasMessageContaining("the test has ended");
    }

    @Test
    void connectionsThatAreLeftOpenAreReportedWithThePlaceWhereTheyWereOpened() throws Exception {
        try (var captured = new Captured("io.lettuce");
                Server server = RedisServers.bundled();
                Bench<Redis> bench = bench(server, RedisService.CLUSTER)) {
            Lease<Redis> lease = bench.pool().lease("ForgetfulTest.leavesThemOpen");
            RedisClusterClient client = lease.handle().cluster();
            client.connect().close();
            client.connectPubSub().close();
            forgotten(client);
            forgottenListener(client);
            client.connectAsync(StringCodec.UTF8).get();
            lease.close();
            bench.awaitRest();

            assertThat(captured.lines(Level.WARNING))
                    .as("what the driver says beside that")
                    .isEmpty();
            assertThat(lease.findings())
                    .hasSize(3)
                    .allMatch(it -> it.startsWith("a connection opened with Redis.cluster()\n\tat "))
                    .allMatch(it -> it.contains(RedisClusterTest.class.getName()))
                    .noneMatch(it -> it.contains("io.lettuce"))
                    .satisfiesOnlyOnce(it -> assertThat(it).contains(".forgotten("))
                    .satisfiesOnlyOnce(it -> assertThat(it).contains(".forgottenListener("));
        }
    }

    @SuppressWarnings("resource")
    private static void forgotten(RedisClusterClient client) {
        assertThat(client.connect().sync().set("key", "value")).isEqualTo("OK");
    }

    @SuppressWarnings("resource")
    private static void forgottenListener(RedisClusterClient client) {
        client.connectPubSub().sync().subscribe("channel");
    }

    @Test
    void aConnectionToBeSharedIsRefusedAsNoneLeadsToAllKeys() {
        try (Server server = RedisServers.bundled();
                Bench<Redis> bench = bench(server, RedisService.CLUSTER);
                Lease<Redis> lease = bench.pool().lease("ClusterTest.takesIt")) {
            assertThatThrownBy(() -> lease.handle().sync())
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("share a connection for ClusterTest.takesIt")
                    .hasMessageContaining("a cluster, whose keys are on three of them")
                    .hasMessageContaining("use Redis.cluster()");
            assertThat(lease.handle().client().connect().sync().clusterInfo()).contains("cluster_size:3");
        }
    }

    @Test
    void aSingleServerIsNoCluster() {
        try (Server server = RedisServers.bundled();
                Bench<Redis> bench = bench(server, RedisService.SERVER);
                Lease<Redis> lease = bench.pool().lease("SingleTest.wantsACluster")) {
            assertThatThrownBy(() -> lease.handle().cluster())
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("Could not open a cluster for SingleTest.wantsACluster")
                    .hasMessageContaining("@Isolated(mode = \"CLUSTER\")");
        }
    }

    private static Bench<Redis> bench(Server server, String mode) {
        return Bench.open(new RedisService(), server, plan(mode), System::nanoTime);
    }

    private static Plan plan(String mode) {
        Settings settings = Settings.builder().layer("test", ONE_AT_ONCE).build();
        return new Plan(mode, List.of(), settings, Bench.newRun(), RedisServers.own("auto"));
    }
}
