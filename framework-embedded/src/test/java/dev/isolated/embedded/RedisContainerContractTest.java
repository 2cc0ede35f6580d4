package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.container.CiRedis;
import dev.isolated.container.OneJvmAtATime;
import dev.isolated.embedded.RedisContractTest.RedisContract;
import dev.isolated.error.IsolationException;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Redis keeps the contract in a container of this run, and in one that is shared; a test can have one for itself. */
@Tag("long")
@ExtendWith(OneJvmAtATime.class)
class RedisContainerContractTest {

    private static final List<Server> STARTED = new ArrayList<>();

    @TempDir
    private static Path directory;

    private static Server own;
    private static Server shared;

    @BeforeAll
    static void startServers() throws Exception {
        CiRedis.require();
        own = started(CiRedis.start(directory, false));
        shared = started(CiRedis.start(directory, true));
    }

    private static Server started(Server server) {
        STARTED.add(server);
        return server;
    }

    @AfterAll
    static void stopServers() {
        STARTED.forEach(Server::close);
    }

    @Test
    void aTestCanHaveAContainerForItself() {
        var plan = new Plan(RedisService.SERVER, List.of(), Settings.builder().build(), "cdcdcdcd", CiRedis.own());
        try (Slices<Redis> slices = new RedisService().connect(own, plan)) {
            Slice<Redis> slice = slices.create(1);
            Redis first = slice.handOut(new Tenant("the first"));
            first.sync().configSet("maxmemory", "10mb");
            first.sync().set("key", "of the first");
            slice.reset();
            slice.awaitReset();
            Redis next = slice.handOut(new Tenant("the next"));
            assertThat(next.sync().configGet("maxmemory")).containsEntry("maxmemory", "0");
            assertThat(next.sync().keys("*")).isEmpty();
            slice.destroy();
        }
    }

    @Test
    void aClusterInContainersIsRefusedAtOnceWithWhatToDoInstead() {
        OwnServers none = options -> {
            throw new AssertionError("a container was started for a cluster");
        };
        var plan = new Plan(RedisService.CLUSTER, List.of(), Settings.builder().build(), "efefefef", none);
        assertThatThrownBy(() -> new RedisService().connect(own, plan))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("give tests clusters of servers like redis")
                .hasMessageContaining("servers that reach each other where tests reach them")
                .hasMessageContaining("listens on port 6379, where tests reach it at "
                        + own.endpoint().port() + ", as in a container")
                .hasMessageContaining("use embedded servers: isolated.redis.source=embedded");
    }

    @Nested
    class InAContainerOfThisRun extends RedisContract {
        @Override
        protected Server server() {
            return own;
        }
    }

    @Nested
    class InASharedContainer extends RedisContract {
        @Override
        protected Server server() {
            return shared;
        }
    }
}
