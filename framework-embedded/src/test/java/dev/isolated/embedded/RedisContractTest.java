package dev.isolated.embedded;

import dev.isolated.contract.Probe;
import dev.isolated.contract.ServiceContract;
import dev.isolated.external.ExternalSource;
import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.OwnServers;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenure;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Redis keeps the contract: the bundled one, the newest of this machine, and one of the user's own. */
@Tag("long")
class RedisContractTest {

    private static Server bundled;

    @BeforeAll
    static void startServer() {
        bundled = RedisServers.bundled();
    }

    @AfterAll
    static void stopServer() {
        bundled.close();
    }

    @Nested
    class OnTheBundledServer extends RedisContract {
        @Override
        protected Server server() {
            return bundled;
        }
    }

    @Nested
    class OnTheServerFromThePath extends RedisContract {

        private static Server newest;

        @BeforeAll
        static void start() {
            newest = RedisServers.fromPath();
        }

        @AfterAll
        static void stop() {
            if (newest != null) {
                newest.close();
            }
        }

        @Override
        protected Server server() {
            return newest;
        }
    }

    @Nested
    class OnAServerOfThisRun extends RedisContract {
        @Override
        protected Server server() {
            return new Server(
                    bundled.service(), "test", bundled.version(), bundled.endpoint(), Tenure.RUN, bundled.hold());
        }
    }

    @Nested
    class OnAServerOfTheUsersOwn extends RedisContract {
        @Override
        protected Server server() {
            var source = new ExternalSource();
            return source.start(
                    service(),
                    Settings.builder()
                            .declare(source.keys(service()))
                            .layer(
                                    "test",
                                    Map.of(
                                            "isolated.redis.host",
                                            bundled.endpoint().host(),
                                            "isolated.redis.port",
                                            Integer.toString(bundled.endpoint().port()),
                                            "isolated.redis.password",
                                            bundled.endpoint().password().reveal()))
                            .build());
        }
    }

    @Nested
    class OnServersForEachTest extends RedisContract {

        @Override
        protected Server server() {
            return bundled;
        }

        @Override
        protected String mode() {
            return RedisService.SERVER;
        }

        @Override
        protected OwnServers ownServers() {
            return RedisServers.own("auto");
        }

        @Override
        protected int leases() {
            return 25;
        }

        @Override
        protected Probe<Redis> probe() {
            return new RedisProbe(server(), new RedisServerMischief());
        }
    }

    abstract static class RedisContract extends ServiceContract<Redis> {

        @Override
        protected Service<Redis> service() {
            return new RedisService();
        }

        @Override
        protected Probe<Redis> probe() {
            return new RedisProbe(server());
        }

        /** Closing ends its signs of life and removes nothing; this JVM, which lives, would send the next within a second. */
        @Override
        protected void crash(Slices<Redis> dying, String run) {
            dying.close();
        }
    }
}
