package dev.isolated.embedded;

import dev.isolated.contract.Probe;
import dev.isolated.contract.ServiceContract;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Tenure;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** Postgres keeps the contract, on a server that goes with the run and on one that goes on. */
class PostgresContractTest {

    private static final Service<Postgres> SERVICE = new PostgresService();
    private static Server server;
    private static Endpoint modest;

    @BeforeAll
    static void startServer() throws SQLException {
        var source = new EmbeddedPostgresSource();
        server = source.start(SERVICE, Settings.builder().declare(source.keys()).build());
        modest = ModestAdministrator.on(server);
    }

    @AfterAll
    static void stopServer() throws SQLException {
        ModestAdministrator.removeFrom(server);
        server.close();
    }

    @Nested
    class OnAServerOfThisRun extends PostgresContract {
        @Override
        protected Server server() {
            return server;
        }
    }

    @Nested
    class OnAServerThatGoesOn extends PostgresContract {
        @Override
        protected Server server() {
            return new Server(
                    server.service(), "external", server.version(), server.endpoint(), Tenure.FOREIGN, Hold.NONE);
        }
    }

    /** Its administrator may do no more than it must. */
    @Nested
    class OnAServerOfSomebodyElse extends PostgresContract {
        @Override
        protected Server server() {
            return new Server(server.service(), "external", "", modest, Tenure.FOREIGN, Hold.NONE);
        }
    }

    abstract static class PostgresContract extends ServiceContract<Postgres> {

        @Override
        protected Service<Postgres> service() {
            return SERVICE;
        }

        @Override
        protected Probe<Postgres> probe() {
            return new PostgresProbe(server());
        }

        @Override
        protected Map<String, String> settings() {
            return Map.of(
                    "isolated.postgres.scripts", "dev/isolated/embedded/contract.sql",
                    "isolated.postgres.grace", "100ms");
        }
    }
}
