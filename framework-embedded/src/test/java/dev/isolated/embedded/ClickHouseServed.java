package dev.isolated.embedded;

import dev.isolated.spi.Server;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Tests of one class that share an embedded ClickHouse. */
abstract class ClickHouseServed {

    static Server server;

    @BeforeAll
    static void startServer() {
        server = ClickHouseServers.embedded();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }
}
