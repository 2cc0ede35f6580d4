package dev.isolated.embedded;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isolated.contract.Probe;
import dev.isolated.embedded.PostgresContractTest.PostgresContract;
import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The contract on a server of an older version, where rights over roles are other ones; where one is installed. */
@Tag("long")
class ExternalOlderContractTest extends PostgresContract {

    private static OwnServer own;

    @BeforeAll
    static void start() throws IOException, SQLException {
        Optional<Path> programs = InstalledServer.programs();
        assumeTrue(programs.isPresent(), "no older version is installed");
        own = InstalledServer.start(programs.get());
        own.run("CREATE ROLE creator LOGIN CREATEDB CREATEROLE PASSWORD 'created'");
    }

    @AfterAll
    static void stop() {
        if (own != null) {
            own.close();
        }
    }

    @Override
    protected Server server() {
        return own.external(Map.of("isolated.postgres.user", "creator", "isolated.postgres.password", "created"));
    }

    @Override
    protected Probe<Postgres> probe() {
        return new PostgresProbe(own.server(), mode());
    }
}
