package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What tests have a server write into its log. */
class RedisLogTest {

    /** Redis 7 says so of a rule that names a database. */
    private static final String DEPRECATED = "misuse of ACL";

    @Test
    void aDeprecatedRuleIsTalkedOfOnceForEachUserAndNotForEachTest() throws Exception {
        try (Server server = RedisServers.own("auto").start(List.of());
                Slices<Redis> slices = RedisServers.slices(server, Bench.newRun())) {
            Slice<Redis> slice = slices.create(1);
            for (int i = 0; i < 3; i++) {
                Redis redis = slice.handOut(new Tenant("ToldTest.asksForItsPassword " + i));
                redis.client().connect().sync().set("key", "value");
                slice.reset();
                slice.awaitReset();
            }
            Slice<Redis> last = slices.create(2);
            await().untilAsserted(() -> assertThat(complaints(server))
                    .as("for each of two slices' two users")
                    .isEqualTo(4));
            slice.destroy();
            last.destroy();
        }
    }

    private static long complaints(Server server) throws IOException {
        Path log = server.hold().log().orElseThrow();
        return Files.readAllLines(log).stream()
                .filter(line -> line.contains(DEPRECATED))
                .count();
    }
}
