package dev.isolated.embedded;

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
import org.junit.jupiter.api.Test;

/** Servers whose databases cannot be leased say what they lack, before the first test. */
class RedisRefusalTest {

    @Test
    void anAdministratorWithoutAclRights() {
        try (Server server = RedisServers.own("auto").start(List.of())) {
            String password = "of the modest";
            new RedisProbe(server)
                    .asAdministrator(
                            0,
                            redis -> redis.aclSetuser(
                                    "modest",
                                    AclSetuserArgs.Builder.on()
                                            .addPassword(password)
                                            .allKeys()
                                            .allChannels()
                                            .allCommands()
                                            .removeCommand(CommandType.ACL)));
            var endpoint = Endpoint.plain("127.0.0.1", server.endpoint().port(), "modest", Secret.of(password));
            assertThatThrownBy(() -> connect(endpoint))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("find out which access rules redis (test, 127.0.0.1")
                    .hasMessageContaining("an administrator who may use ACL")
                    .hasMessageContaining("NOPERM")
                    .hasMessageContaining("give that user these rights, or unset isolated.redis.host");
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
