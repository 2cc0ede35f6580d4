package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM stands still for longer than its leases last, and goes on. */
@Timeout(120)
class RedisPauseTest {

    @Test
    void theLateOwnersTestFailsSayingSoAndTheHeirsDataStaysWhole() throws Exception {
        var plan = new Plan(RedisService.DATABASE, List.of(), Settings.builder().build(), "abababab");
        try (Server server = RedisServers.own("auto").start(List.of("--databases", "3"));
                Slices<Redis> heirs = new RedisService().connect(server, plan)) {
            Process late = RedisMain.startLate(server);
            try {
                int database = Integer.parseInt(ChildJvm.line(late));
                Signal.send("STOP", late.pid());
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> !heirs.leftovers().isEmpty());
                heirs.leftovers().forEach(it -> it.remove());
                Slice<Redis> slice = heirs.create(1);
                Redis heir = slice.handOut(new Tenant("HeirTest.inherits"));
                assertThat(heir.database()).as("the only one there is").isEqualTo(database);
                heir.sync().set("key", "of the heir");

                Signal.send("CONT", late.pid());
                late.getOutputStream().close();
                assertThat(ChildJvm.line(late))
                        .as("what a command of the late owner's comes to")
                        .contains("Could not use the connection of PausedTest.standsStill")
                        .contains("stood still for more than 8 s");
                assertThat(ChildJvm.line(late))
                        .as("how the late owner's test ends")
                        .contains("after PausedTest.standsStill")
                        .contains("stood still for more than 8 s");
                assertThat(heir.sync().keys("*")).containsExactly("key");
                assertThat(heir.sync().get("key")).isEqualTo("of the heir");
                slice.destroy();
            } finally {
                late.destroyForcibly().waitFor();
            }
        }
    }
}
