package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.container.CiClickHouse;
import dev.isolated.container.OneJvmAtATime;
import dev.isolated.embedded.ClickHouseContractTest.ClickHouseContract;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** ClickHouse keeps the contract in a container of this run, and in one that is shared. */
@Tag("long")
@ExtendWith(OneJvmAtATime.class)
class ClickHouseContainerContractTest {

    private static final List<Server> STARTED = new ArrayList<>();

    @TempDir
    private static Path directory;

    private static Server own;
    private static Server shared;

    @BeforeAll
    static void startServers() throws Exception {
        CiClickHouse.require();
        Settings settings = Settings.builder().declare(EmbeddedKeys.all()).build();
        Path cache = new Places(settings, Account.current()).cache();
        CiClickHouse.build(ChdbLibrary.of(settings).file(), FrontClasses.gathered(cache));
        own = started(CiClickHouse.start(directory, false));
        shared = started(CiClickHouse.start(directory, true));
    }

    private static Server started(Server server) {
        STARTED.add(server);
        return server;
    }

    @AfterAll
    static void stopServers() {
        STARTED.forEach(Server::close);
    }

    @Test
    void anAdministratorWhoseServerLetsNobodyChangeItKeepsThePasswordOfItsContainer() throws Exception {
        assertThatThrownBy(() -> ClickHouseServers.asAdministrator(
                        own, "ALTER USER default IDENTIFIED WITH sha256_hash BY '" + "0".repeat(64) + "'"))
                .hasMessageContaining("ACCESS_STORAGE_READONLY");
        assertThat(ClickHouseServers.askAsAdministrator(own, "SELECT currentUser()"))
                .isEqualTo("default");
    }

    @Nested
    class InAContainerOfThisRun extends ClickHouseContract {
        @Override
        protected Server server() {
            return own;
        }
    }

    @Nested
    class InASharedContainer extends ClickHouseContract {
        @Override
        protected Server server() {
            return shared;
        }
    }
}
