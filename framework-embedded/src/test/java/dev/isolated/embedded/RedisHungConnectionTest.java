package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.contract.Captured;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenure;
import java.time.Duration;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;

/** A server that answers on the connections that are open, and on new ones no more. */
class RedisHungConnectionTest {

    /** Well before a sign of life has expired, which it does after eight seconds. */
    private static final Duration SOON = Duration.ofSeconds(6);

    private final String run = Bench.newRun();

    /** For the seal a connection is opened, as soon as somebody has emptied the interpreter: the bundled server needs one. */
    @Test
    void aRunThatCannotSealTheInterpreterShowsThatItLives() throws Exception {
        try (var log = new Captured("dev.isolated.redis");
                Server server = RedisServers.own("bundled").start(List.of());
                var relay = new Relay(server.endpoint().port());
                Slices<Redis> slices = RedisServers.slices(behind(relay, server), run)) {
            assertThat(slices.capacity()).isPositive();
            var probe = new RedisProbe(server);
            relay.hold();
            String flushed = probe.asAdministrator(0, redis -> redis.scriptFlush());
            assertThat(flushed).isEqualTo("OK");
            for (int hung = 1; hung <= 2; hung++) {
                int enough = hung;
                await().until(() -> relay.held() >= enough);
                probe.crash(run);
                await().atMost(SOON).until(() -> lives(probe));
            }
            assertThat(log.lines(Level.WARNING))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "tests' scripts may reach others', until they are kept apart again; that failed on redis");
        }
    }

    private boolean lives(RedisProbe probe) {
        return probe.inRegistry(redis -> redis.exists(RedisProbe.signOfLife(run))) == 1;
    }

    private static Server behind(Relay relay, Server server) {
        Endpoint endpoint = server.endpoint();
        var there = Endpoint.plain("127.0.0.1", relay.port(), endpoint.user(), endpoint.password());
        return new Server("redis", "test", "", there, Tenure.FOREIGN, Hold.NONE);
    }
}
