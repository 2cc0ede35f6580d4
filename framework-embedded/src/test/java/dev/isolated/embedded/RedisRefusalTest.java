package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.error.IsolationException;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.List;
import java.util.Locale;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose databases cannot be leased say what they lack, before the first test. */
class RedisRefusalTest {

    @Test
    void anAdministratorWithoutAclRights() {
        modest("auto", CommandType.ACL)
                .hasMessageContaining("find out which access rules redis (test, 127.0.0.1")
                .hasMessageContaining("NOPERM");
    }

    @ParameterizedTest(name = "{1} on {0}")
    @CsvSource({
        "auto, FLUSHDB",
        "auto, CLIENT",
        "auto, SCRIPT",
        "bundled, FLUSHDB",
        "bundled, CLIENT",
        "bundled, SCRIPT"
    })
    void anAdministratorWithoutRightsThatAreUsedLater(String program, CommandType missing) {
        modest(program, missing)
                .hasMessageContaining("find out what the administrator of redis (test, 127.0.0.1")
                .hasMessageContaining("NOPERM")
                .hasMessageContaining(missing.name().toLowerCase(Locale.ROOT));
    }

    @ParameterizedTest
    @ValueSource(strings = {"auto", "bundled"})
    void anAdministratorWhoMayNotSelect(String program) {
        modest(program, CommandType.SELECT)
                .hasMessageContaining("count the databases of redis (test, 127.0.0.1")
                .hasMessageContaining("can't run this command");
    }

    /** What a user who may do all but that is told. */
    private static AbstractThrowableAssert<?, ? extends Throwable> modest(String program, CommandType missing) {
        try (Server server = RedisServers.own(program).start(List.of())) {
            String password = "of the modest";
            AclSetuserArgs rights = AclSetuserArgs.Builder.on()
                    .addPassword(password)
                    .allKeys()
                    .allChannels()
                    .allCommands()
                    .removeCommand(missing);
            new RedisProbe(server).asAdministrator(0, redis -> redis.aclSetuser("modest", rights));
            var endpoint = Endpoint.plain("127.0.0.1", server.endpoint().port(), "modest", Secret.of(password));
            return assertThatThrownBy(() -> connect(endpoint))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining(
                            "an administrator who may use ACL, CLIENT, EVAL, SCRIPT, SELECT, INFO, MULTI and FLUSHDB")
                    .hasMessageContaining("give that user these rights, or unset isolated.redis.host");
        }
    }

    @Test
    void aServerThatForgetsWhatWasWrittenLongAgo() {
        List<String> options = List.of("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru");
        try (Server server = RedisServers.own("auto").start(options)) {
            assertThatThrownBy(() -> connect(server.endpoint()))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("a server that forgets nothing")
                    .hasMessageContaining("a limit of memory and the policy allkeys-lru")
                    .hasMessageContaining("set maxmemory-policy to noeviction, or maxmemory to 0");
        }
    }

    @Test
    void aLimitAtWhichWritesFailIsNone() {
        try (Server server = RedisServers.own("auto").start(List.of("--maxmemory", "100mb"))) {
            assertThatCode(() -> connect(server.endpoint())).doesNotThrowAnyException();
        }
    }

    @Test
    void aNodeOfACluster() {
        try (Server server = RedisServers.own("auto").start(List.of("--cluster-enabled", "yes"))) {
            assertThatThrownBy(() -> connect(server.endpoint()))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("lease databases of redis (test, 127.0.0.1")
                    .hasMessageContaining("a node of a cluster, which has one")
                    .hasMessageContaining("use a server that is no cluster, or unset isolated.redis.host");
        }
    }

    @Test
    void aReplica() {
        try (Server server = RedisServers.own("auto").start(List.of("--replicaof", "127.0.0.1 1"))) {
            assertThatThrownBy(() -> connect(server.endpoint()))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("a server that takes writes")
                    .hasMessageContaining("name its primary in isolated.redis.host");
        }
    }

    @Test
    void tooFewDatabases() {
        try (Server server = RedisServers.own("auto").start(List.of("--databases", "2"))) {
            assertThatThrownBy(() -> connect(server.endpoint()))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("at least three databases")
                    .hasMessageContaining("set \"databases\" in its configuration");
        }
    }

    private static void connect(Endpoint endpoint) {
        var server = new Server("redis", "test", "", endpoint, Tenure.FOREIGN, Hold.NONE);
        var plan = new Plan(RedisService.DATABASE, List.of(), Settings.builder().build(), "88888888");
        new RedisService().connect(server, plan).close();
    }
}
