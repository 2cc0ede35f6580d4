package dev.isolated.embedded;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Probe;
import dev.isolated.contract.ServiceContract;
import dev.isolated.external.ExternalSource;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
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
            var source = new ExternalSource();
            return source.start(
                    service(),
                    Settings.builder()
                            .declare(source.keys(service()))
                            .layer(
                                    "test",
                                    Map.of(
                                            "isolated.clickhouse.host",
                                            embedded.endpoint().host(),
                                            "isolated.clickhouse.port",
                                            Integer.toString(embedded.endpoint().port()),
                                            "isolated.clickhouse.password",
                                            embedded.endpoint().password().reveal()))
                            .build());
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
