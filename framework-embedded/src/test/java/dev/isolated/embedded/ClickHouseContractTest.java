package dev.isolated.embedded;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.contract.Probe;
import dev.isolated.contract.ServiceContract;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** ClickHouse keeps the contract: the embedded engine, and the same as a server of the user's own. */
class ClickHouseContractTest {

    private static Server embedded;

    @BeforeAll
    static void startServer() {
        embedded = ClickHouseServers.embedded();
    }

    @AfterAll
    static void stopServer() {
        embedded.close();
    }

    @Nested
    class OnTheEmbeddedEngine extends ClickHouseContract {
        @Override
        protected Server server() {
            return embedded;
        }
    }

    @Nested
    class OnAServerOfTheUsersOwn extends ClickHouseContract {
        @Override
        protected Server server() {
            return ClickHouseServers.external(
                    embedded.endpoint(),
                    embedded.endpoint().user(),
                    embedded.endpoint().password().reveal());
        }
    }

    @Nested
    class WithPrefixesInOneDatabase extends ClickHouseContract {
        @Override
        protected Server server() {
            return embedded;
        }

        @Override
        protected String mode() {
            return ClickHouseService.PREFIX;
        }

        @Override
        String registry() {
            return "default.isolated_runs";
        }
    }

    /** On a server that lets its administrator make neither databases nor users: one that is a test's user elsewhere. */
    @Nested
    class WithPrefixesAsTheOneUserThatThereIs extends ClickHouseContract {

        private static Slices<ClickHouse> given;
        private static Slice<ClickHouse> slice;
        private static ClickHouse place;

        @BeforeAll
        static void findDatabase() {
            given = new ClickHouseService()
                    .connect(
                            embedded,
                            new Plan(
                                    ClickHouseService.DATABASE,
                                    List.of(),
                                    ClickHouseServers.settings(1, Map.of()),
                                    Bench.newRun()));
            slice = given.create(1);
            place = slice.handOut(new Tenant("whoever has given it"));
        }

        @AfterAll
        static void giveDatabaseBack() {
            slice.destroy();
            given.close();
        }

        @Override
        protected Server server() {
            return ClickHouseServers.external(
                    embedded.endpoint(), place.user(), place.password().reveal());
        }

        @Override
        protected String mode() {
            return ClickHouseService.PREFIX;
        }

        @Override
        protected Map<String, String> settings() {
            return Map.of("isolated.clickhouse.database", place.database());
        }

        @Override
        String registry() {
            return place.database() + ".isolated_runs";
        }
    }

    abstract static class ClickHouseContract extends ServiceContract<ClickHouse> {

        @Override
        protected Service<ClickHouse> service() {
            return new ClickHouseService();
        }

        /** Each takes a database, or a prefix, and a user's other password. */
        @Override
        protected int leases() {
            return 48;
        }

        /** Where runs show that they live. */
        String registry() {
            return "isolated.runs";
        }

        @Override
        protected Probe<ClickHouse> probe() {
            return new ClickHouseProbe(server(), mode(), registry());
        }
    }
}
