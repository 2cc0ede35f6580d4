package dev.isolated.embedded;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Probe;
import dev.isolated.contract.ServiceContract;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
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

    abstract static class ClickHouseContract extends ServiceContract<ClickHouse> {

        @Override
        protected Service<ClickHouse> service() {
            return new ClickHouseService();
        }

        @Override
        protected Probe<ClickHouse> probe() {
            return new ClickHouseProbe(server());
        }
    }
}
