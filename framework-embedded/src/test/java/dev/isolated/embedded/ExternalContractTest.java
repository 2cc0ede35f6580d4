package dev.isolated.embedded;

import dev.isolated.contract.Probe;
import dev.isolated.embedded.PostgresContractTest.PostgresContract;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Server;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** Postgres keeps the contract on a server of the user's own, whoever its administrator is and however it is reached. */
@Tag("long")
class ExternalContractTest {

    private static OwnServer own;
    private static Path authority;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        own = OwnServer.start();
        own.run("CREATE ROLE creator LOGIN CREATEDB CREATEROLE PASSWORD 'created'");
        own.run(
                "CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'kept'",
                "CREATE DATABASE keeper OWNER keeper",
                "CREATE ROLE tenant LOGIN PASSWORD 'rented'",
                "CREATE DATABASE tenant",
                "GRANT CREATE ON DATABASE tenant TO tenant");
        authority = Certificate.made(directory, "own", "ip:127.0.0.1").installOn(own);
    }

    @AfterAll
    static void stop() {
        own.close();
    }

    @Nested
    class AsSuperuser extends OnOwnServer {
        @Override
        Map<String, String> more() {
            return Map.of();
        }
    }

    @Nested
    class AsWhoeverMayMakeDatabasesAndRoles extends OnOwnServer {
        @Override
        Map<String, String> more() {
            return Map.of("isolated.postgres.user", "creator", "isolated.postgres.password", "created");
        }
    }

    @Nested
    class InDatabases extends OnOwnServer {
        @Override
        Map<String, String> more() {
            return Map.of("isolated.postgres.user", "creator", "isolated.postgres.password", "created");
        }

        @Override
        protected String mode() {
            return PostgresService.DATABASE;
        }
    }

    @Nested
    class InDatabasesWithVerifiedEncryption extends WithVerifiedEncryption {
        @Override
        protected String mode() {
            return PostgresService.DATABASE;
        }
    }

    @Nested
    class InSchemasAsWhoeverMayMakeRoles extends OnOwnServer {
        @Override
        Map<String, String> more() {
            return Map.of("isolated.postgres.user", "keeper", "isolated.postgres.password", "kept");
        }

        @Override
        protected String mode() {
            return PostgresService.SCHEMA;
        }
    }

    @Nested
    class InSchemasAsWhoeverMayMakeNothingElse extends OnOwnServer {
        @Override
        Map<String, String> more() {
            return Map.of("isolated.postgres.user", "tenant", "isolated.postgres.password", "rented");
        }

        @Override
        protected String mode() {
            return PostgresService.SCHEMA;
        }

        @Override
        protected Probe<Postgres> probe() {
            return new PostgresProbe(own.server(), PostgresMischief.WITHOUT_ROLES);
        }
    }

    @Nested
    class WithVerifiedEncryption extends OnOwnServer {
        @Override
        Map<String, String> more() {
            return Map.of("isolated.postgres.tls", "verify", "isolated.postgres.tls-authority", authority.toString());
        }
    }

    abstract static class OnOwnServer extends PostgresContract {

        abstract Map<String, String> more();

        /** Few, so that the small server has room for several runs. */
        @Override
        protected Map<String, String> settings() {
            Map<String, String> settings = new HashMap<>(super.settings());
            settings.put("isolated.postgres.connections", "3");
            return settings;
        }

        @Override
        protected Server server() {
            return own.external(more());
        }

        @Override
        protected Probe<Postgres> probe() {
            return new PostgresProbe(own.server(), mode());
        }
    }
}
