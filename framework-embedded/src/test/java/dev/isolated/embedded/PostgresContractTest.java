package dev.isolated.embedded;

import dev.isolated.contract.Probe;
import dev.isolated.contract.ServiceContract;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Tenure;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** Postgres keeps the contract, on a server that others use too and on one that goes with the run. */
@Tag("long")
class PostgresContractTest {

    private static final Service<Postgres> SERVICE = new PostgresService();
    private static Server server;

    @BeforeAll
    static void startServer() {
        var source = new EmbeddedSource();
        server = source.start(SERVICE, Settings.builder().declare(source.keys()).build());
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Nested
    class OnAServerThatGoesOn extends PostgresContract {
        @Override
        protected Server server() {
            return server;
        }
    }

    @Nested
    class OnAServerOfThisRun extends PostgresContract {
        @Override
        protected Server server() {
            return new Server(server.service(), "test", server.version(), server.endpoint(), Tenure.RUN, server.hold());
        }
    }

    @Nested
    class InDatabasesOnAServerThatGoesOn extends PostgresContract {
        @Override
        protected Server server() {
            return server;
        }

        @Override
        protected String mode() {
            return PostgresService.DATABASE;
        }
    }

    @Nested
    class InDatabasesOnAServerOfThisRun extends PostgresContract {
        @Override
        protected Server server() {
            return new Server(server.service(), "test", server.version(), server.endpoint(), Tenure.RUN, server.hold());
        }

        @Override
        protected String mode() {
            return PostgresService.DATABASE;
        }
    }

    @Nested
    class InSchemasOnAServerThatGoesOn extends PostgresContract {
        @Override
        protected Server server() {
            return server;
        }

        @Override
        protected String mode() {
            return PostgresService.SCHEMA;
        }
    }

    abstract static class PostgresContract extends ServiceContract<Postgres> {

        @Override
        protected Service<Postgres> service() {
            return SERVICE;
        }

        @Override
        protected Probe<Postgres> probe() {
            return new PostgresProbe(server(), mode());
        }

        @Override
        protected Map<String, String> settings() {
            return Map.of(
                    "isolated.postgres.scripts", "dev/isolated/embedded/contract.sql",
                    "isolated.postgres.grace", "100ms");
        }

        /** A sandbox is rolled back, a database that was written to is another one. */
        @Override
        protected int leases() {
            return mode().equals(PostgresService.TRANSACTION) ? super.leases() : 48;
        }
    }
}
