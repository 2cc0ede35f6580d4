package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.contract.Bench;
import dev.isolated.error.IsolationException;
import dev.isolated.external.ExternalSource;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SslOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis of the user's own that speaks TLS. */
class RedisTlsTest {

    private static final RedisService SERVICE = new RedisService();
    private static final Secret PASSWORD = Secret.random();

    @TempDir
    private static Path directory;

    private static Process redis;
    private static Path authority;
    private static int encrypted;
    private static int plain;

    @BeforeAll
    static void start() throws Exception {
        Certificate certificate = Certificate.made(directory, "own", "ip:127.0.0.1");
        authority = certificate.file();
        Path key = Files.write(directory.resolve("own.key"), certificate.key());
        redis = UsersRedis.start(directory, () -> {
            encrypted = UsersRedis.freePort();
            plain = UsersRedis.freePort();
            return List.of(
                    "bind 127.0.0.1",
                    "port " + plain,
                    "tls-port " + encrypted,
                    "tls-cert-file " + authority,
                    "tls-key-file " + key,
                    "tls-ca-cert-file " + authority,
                    "tls-auth-clients no",
                    "save \"\"",
                    "requirepass " + PASSWORD.reveal(),
                    "");
        });
    }

    @AfterAll
    static void stop() throws InterruptedException {
        redis.destroyForcibly().waitFor();
    }

    @Test
    void everyConnectionIsEncrypted() {
        for (Map<String, String> more : List.of(Map.of("isolated.redis.tls", "on"), verified(authority))) {
            try (Slices<Redis> slices = connect(more)) {
                Slice<Redis> slice = slices.create(1);
                Redis redis = slice.handOut(new Tenant("TlsTest.any"));
                redis.sync().set("key", "of the test");
                assertThat(redis.client().connect().sync().get("key")).isEqualTo("of the test");
                slice.reset();
                slice.awaitReset();
                slice.destroy();
            }
        }
    }

    @Test
    void theUriLeadsOtherClientsThereEncryptedToo() {
        try (Slices<Redis> slices = connect(verified(authority))) {
            Slice<Redis> slice = slices.create(1);
            Redis redis = slice.handOut(new Tenant("TlsTest.hasAClientOfItsOwn"));
            assertThat(redis.uri().isSsl()).isTrue();
            RedisClient own = RedisClient.create(redis.uri());
            own.setOptions(own.getOptions()
                    .mutate()
                    .sslOptions(SslOptions.builder()
                            .trustManager(authority.toFile())
                            .build())
                    .build());
            try (StatefulRedisConnection<String, String> connection = own.connect()) {
                assertThat(connection.sync().set("key", "value")).isEqualTo("OK");
            } finally {
                own.shutdown();
            }
            slice.destroy();
        }
    }

    @Test
    void aServerOfAnotherAuthorityIsNotTrusted() throws Exception {
        Path other = Certificate.made(directory, "other", "ip:127.0.0.1").file();
        refused(verified(other))
                .hasMessageContaining(
                        "connect to redis (external, 127.0.0.1:" + encrypted + ") as its administrator default")
                .hasMessageContaining("a certificate of an authority in " + other)
                .hasMessageContaining("because isolated.redis.tls is verify")
                .hasMessageContaining("set isolated.redis.tls-authority");
        refused(Map.of("isolated.redis.tls", "verify"))
                .hasMessageContaining("a certificate of an authority in Java's own list")
                .hasMessageContaining("unable to find valid certification path");
    }

    @Test
    void aServerOfAnotherNameIsNotTrusted() {
        var more = new HashMap<>(verified(authority));
        more.put("isolated.redis.host", "localhost");
        refused(more)
                .hasMessageContaining("expected its certificate to be in the name localhost")
                .hasMessageContaining("No name matching localhost found")
                .hasMessageContaining("set isolated.redis.host to a name that is in the certificate");
    }

    @Test
    void anAuthorityWithoutCertificatesIsRefused() throws Exception {
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        refused(verified(empty))
                .hasMessageContaining("certificates (PEM) in " + empty)
                .hasMessageContaining("correct isolated.redis.tls-authority");
    }

    @Test
    void aPortThatAnswersInClearIsNamed() {
        var more = new HashMap<>(verified(authority));
        more.put("isolated.redis.port", Integer.toString(plain));
        refused(more)
                .hasMessageContaining("expected it to speak TLS, because isolated.redis.tls is verify")
                .hasMessageContaining("name its tls-port in isolated.redis.port");
    }

    @Test
    void aPortThatWantsTlsIsNotSpokenToInClear() {
        refused(Map.of("isolated.redis.tls", "off"))
                .hasMessageContaining("without TLS, because isolated.redis.tls is off")
                .hasMessageContaining("set isolated.redis.tls=on or verify");
    }

    private static Map<String, String> verified(Path authority) {
        return Map.of("isolated.redis.tls", "verify", "isolated.redis.tls-authority", authority.toString());
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> refused(Map<String, String> more) {
        return assertThatThrownBy(() -> connect(more).close())
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageNotContaining(PASSWORD.reveal());
    }

    private static Slices<Redis> connect(Map<String, String> more) {
        var source = new ExternalSource();
        Settings settings = Settings.builder()
                .declare(source.keys(SERVICE))
                .layer("more", more)
                .layer(
                        "own",
                        Map.of(
                                "isolated.redis.host", "127.0.0.1",
                                "isolated.redis.port", Integer.toString(encrypted),
                                "isolated.redis.password", PASSWORD.reveal()))
                .build();
        return SERVICE.connect(
                source.start(SERVICE, settings), new Plan(RedisService.DATABASE, List.of(), settings, Bench.newRun()));
    }
}
