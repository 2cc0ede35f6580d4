package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.embedded.ClickHouseContractTest.ClickHouseContract;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ClickHouse keeps the contract on a server that a program of the path is, with an administrator whom SQL cannot change. */
@Tag("long")
class ClickHouseProgramContractTest extends ClickHouseContract {

    @TempDir
    private static Path programs;

    @TempDir
    private static Path directory;

    private static Server server;

    @BeforeAll
    static void startServer() throws IOException {
        server = ClickHouseServers.embeddedIn(
                directory, ClickHouseStandIn.server(programs).toString());
    }

    @AfterAll
    static void stopServer() {
        server.close();
        ClickHouseServers.awaitEnd(directory);
    }

    @Override
    protected Server server() {
        return server;
    }

    /** The engine is that of other tests, which take more. */
    @Override
    protected int leases() {
        return 24;
    }

    @Test
    void itsAdministratorKeepsThePasswordThatIsInItsConfiguration() throws Exception {
        assertThatThrownBy(() -> ClickHouseServers.asAdministrator(
                        server, "ALTER USER default IDENTIFIED WITH sha256_hash BY '" + "0".repeat(64) + "'"))
                .hasMessageContaining("ACCESS_STORAGE_READONLY");
        assertThat(ClickHouseServers.askAsAdministrator(server, "SELECT currentUser()"))
                .isEqualTo("default");
    }
}
