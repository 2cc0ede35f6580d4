package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Captured;
import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.SettingsException;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Request;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import io.lettuce.core.RedisException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A test that asks for a Redis of its own may do there what concerns the server as a whole. */
class RedisServerModeTest {

    private static final Request OWN = Request.of(Redis.class, RedisService.SERVER);
    private static Environments environments;

    @TempDir
    private Path directory;

    @BeforeAll
    static void open() {
        environments = environments(Map.of("isolated.redis.source", "embedded"));
    }

    @AfterAll
    static void close() {
        environments.close();
    }

    @BeforeEach
    void letTheServersUserPass() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void messagesReachThoseWhoSubscribeToAChannelAndNoOtherTest() throws Exception {
        try (IsolatedEnvironment one = environments.open("ChannelTest.one", List.of(OWN));
                IsolatedEnvironment other = environments.open("ChannelTest.other", List.of(OWN))) {
            var heard = new LinkedBlockingQueue<String>();
            Redis redis = one.get(Redis.class);
            try (StatefulRedisPubSubConnection<String, String> listening =
                    redis.client().connectPubSub()) {
                listening.addListener(new RedisPubSubAdapter<>() {
                    @Override
                    public void message(String channel, String message) {
                        heard.add(message);
                    }
                });
                listening.sync().subscribe("channel");
                assertThat(other.get(Redis.class).sync().publish("channel", "from elsewhere"))
                        .as("who heard it there")
                        .isZero();
                assertThat(redis.sync().publish("channel", "from here")).isEqualTo(1);
                assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo("from here");
            }
        }
    }

    @Test
    void functionsSettingsAndAllDatabasesAreTheTestsOwn() {
        try (IsolatedEnvironment environment = environments.open("AdministratorTest.rules", List.of(OWN))) {
            var redis = environment.get(Redis.class).sync();
            redis.functionLoad("#!lua name=mine\nredis.register_function('one', function() return 1 end)");
            Long one = redis.fcall("one", ScriptOutputType.INTEGER);
            assertThat(one).isEqualTo(1);
            assertThat(redis.configSet("notify-keyspace-events", "KEA")).isEqualTo("OK");
            assertThat(redis.flushall()).isEqualTo("OK");
            assertThat(redis.select(15)).isEqualTo("OK");
        }
    }

    @Test
    void aTestThatChoosesNothingSharesTheServerBesideIt() {
        Request shared = Request.of(Redis.class, RedisService.DATABASE);
        try (IsolatedEnvironment environment = environments.open("BothTest.usesBoth", List.of(OWN, shared))) {
            Redis own = (Redis) environment.get(OWN);
            Redis database = (Redis) environment.get(shared);
            own.sync().set("key", "on the own server");
            assertThat(own.port()).isNotEqualTo(database.port());
            assertThat(own.database()).isZero();
            assertThat(database.database()).isPositive();
            assertThat(database.sync().keys("*")).isEmpty();
        }
    }

    @Test
    void whatATestOfItsOwnServerLeavesIsTold() {
        try (IsolatedEnvironment environment = environments.open("FailingTest.fails", List.of(OWN))) {
            Redis redis = environment.get(Redis.class);
            redis.sync().hset("cart", "tea", "2");
            assertThat(environment.evidence())
                    .anyMatch(it -> it.text().contains("cart: hash"))
                    .noneMatch(it -> it.text().contains(redis.password().reveal()));
        }
    }

    @Test
    void whatIsOnAServerThatItsTestHasStoppedIsNotToldAndWhyNot() {
        try (IsolatedEnvironment environment = environments.open("StoppingTest.fails", List.of(OWN))) {
            Redis redis = environment.get(Redis.class);
            redis.sync().set("key", "value");
            redis.sync().shutdown(false);
            assertThat(environment.evidence())
                    .anyMatch(it -> it.text().equals("SET, SHUTDOWN"))
                    .anySatisfy(it -> {
                        assertThat(it.title()).contains("what is on redis ");
                        assertThat(it.text()).contains("could not be had: ");
                    });
        }
    }

    @Test
    void whatIsOnAServerWhosePasswordItsTestHasChangedIsNotToldAndWhyNot() {
        try (IsolatedEnvironment environment = environments.open("LockingTest.fails", List.of(OWN))) {
            Redis redis = environment.get(Redis.class);
            redis.sync().set("key", "value");
            redis.sync().configSet("requirepass", "no secret");
            assertThat(environment.evidence())
                    .anyMatch(it -> it.text().equals("SET, CONFIG"))
                    .anySatisfy(it -> {
                        assertThat(it.title()).contains("what is on redis ");
                        assertThat(it.text())
                                .contains("could not be had: ", "changed its password", "WRONGPASS")
                                .doesNotContain("no secret");
                    });
        }
    }

    @Test
    void aTestMayStopItsOwnServerAndNobodyWarns() {
        try (var captured = new Captured("dev.isolated");
                var driver = new Captured("io.lettuce")) {
            try (IsolatedEnvironment environment = environments.open("StoppingTest.stopsIt", List.of(OWN))) {
                Redis redis = environment.get(Redis.class);
                redis.sync().shutdown(false);
                await().untilAsserted(() -> assertThatThrownBy(() -> new Socket(redis.host(), redis.port()).close())
                        .hasMessageContaining("refused"));
                assertThatThrownBy(() -> redis.client().connect()).isInstanceOf(RedisException.class);
            }
            try (IsolatedEnvironment environment = environments.open("NextTest.hasAnother", List.of(OWN))) {
                assertThat(environment.get(Redis.class).sync().ping()).isEqualTo("PONG");
            }
            for (Captured each : List.of(captured, driver)) {
                assertThat(each.lines(Level.WARNING)).isEmpty();
                assertThat(each.lines(Level.SEVERE)).isEmpty();
            }
        }
    }

    @Test
    void aServerOfTheUsersOwnIsNotMultiplied() {
        try (Server server = RedisServers.bundled();
                Environments external = environments(Map.of(
                        "isolated.redis.host", server.endpoint().host(),
                        "isolated.redis.port",
                                Integer.toString(server.endpoint().port()),
                        "isolated.redis.password", server.endpoint().password().reveal()))) {
            assertThatThrownBy(() -> external.open("WantingTest.wantsAServer", List.of(OWN)))
                    .hasRootCauseInstanceOf(SettingsException.class)
                    .hasStackTraceContaining("Could not start a redis for one test alone")
                    .hasStackTraceContaining("the source external, which does not")
                    .hasStackTraceContaining("isolated.redis.source, such as embedded");
        }
    }

    @Test
    void anEndedTestsServerIsGoneWithItsLog() throws Exception {
        ServerSource source = new EmbeddedSource();
        Settings settings = Settings.builder()
                .declare(source.keys())
                .layer("test", Map.of("isolated.embedded.directory", directory.toString()))
                .build();
        Server server = source.startOwn(new RedisService(), settings, List.of());
        Path log = server.hold().log().orElseThrow();
        assertThat(log).isNotEmptyFile();
        server.close();
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThat(log).doesNotExist();
            assertThat(EmbeddedPostgresTest.runDirectories(directory)).isEmpty();
        });
    }

    @Test
    void aKilledRunLeavesNoServer() throws Exception {
        Process jvm = RedisMain.startOwn(directory);
        int port = Integer.parseInt(ChildJvm.line(jvm));
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        assertThat(EmbeddedPostgresTest.runDirectories(directory)).isNotEmpty();
        jvm.destroyForcibly().waitFor();
        await().atMost(Duration.ofSeconds(5)).untilAsserted(() -> {
            assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port).close())
                    .hasMessageContaining("refused");
            assertThat(EmbeddedPostgresTest.runDirectories(directory)).isEmpty();
        });
    }

    private static Environments environments(Map<String, String> texts) {
        Catalog catalog = Catalog.found();
        return new Environments(catalog, catalog.settings(texts, Map.of()));
    }
}
