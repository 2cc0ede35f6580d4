package dev.isolated.embedded;

import dev.isolated.container.CiImage;
import dev.isolated.container.OneJvmAtATime;
import dev.isolated.embedded.PostgresContractTest.PostgresContract;
import dev.isolated.spi.Server;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Postgres keeps the contract in a container of this run, and in one that is shared. */
@Tag("long")
@ExtendWith(OneJvmAtATime.class)
class ContainerContractTest {

    private static final List<Server> STARTED = new ArrayList<>();

    @TempDir
    private static Path directory;

    private static Server own;
    private static Server shared;

    @BeforeAll
    static void startServers() throws Exception {
        CiImage.require();
        own = started(CiImage.start(directory, false));
        shared = started(CiImage.start(directory, true));
    }

    private static Server started(Server server) {
        STARTED.add(server);
        return server;
    }

    @AfterAll
    static void stopServers() {
        STARTED.forEach(Server::close);
    }

    @Nested
    class InAContainerOfThisRun extends PostgresContract {
        @Override
        protected Server server() {
            return own;
        }
    }

    @Nested
    class InASharedContainer extends PostgresContract {
        @Override
        protected Server server() {
            return shared;
        }
    }
}
