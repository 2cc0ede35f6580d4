package dev.isolated.benchmarks;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Request;
import dev.isolated.spi.Server;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server that the library meets as somebody else's, so that a benchmark can be its administrator too. Thread-safe. */
record OwnPostgres(Server server, ServersDirectory directory) implements AutoCloseable {

    static final Request DATABASE = Request.of(Postgres.class, PostgresService.DATABASE);

    private static final long PAUSE = 200;

    static OwnPostgres start() {
        var service = new PostgresService();
        var directory = ServersDirectory.create();
        try {
            var settings = Catalog.found().settings(directory.settings(false), Map.of());
            return new OwnPostgres(new BenchmarkSource().start(service, settings), directory);
        } catch (RuntimeException e) {
            directory.close();
            throw e;
        }
    }

    /** Environments there, of a pool of that size that is filled ahead. */
    Environments environments(int size, int connections) {
        String most = Integer.toString(size);
        return new Environments(
                Catalog.found(),
                Catalog.found()
                        .settings(
                                Map.of(
                                        "isolated.postgres.source",
                                        "external",
                                        "isolated.postgres.host",
                                        server.endpoint().host(),
                                        "isolated.postgres.port",
                                        Integer.toString(server.endpoint().port()),
                                        "isolated.postgres.password",
                                        server.endpoint().password().reveal(),
                                        "isolated.postgres.connections",
                                        Integer.toString(connections),
                                        "isolated.postgres.scripts",
                                        "benchmarks-schema.sql",
                                        "isolated.environments.max",
                                        most,
                                        "isolated.lease.warm",
                                        most),
                                Map.of()));
    }

    Connection administrator() throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.endpoint().address() + "/postgres",
                server.endpoint().user(),
                server.endpoint().password().reveal());
    }

    /** Opens the pool where it is not yet open, and waits until that many of its slices are ready. */
    static void awaitReady(Environments environments, Request request, int count) throws InterruptedException {
        if (environments.status(request).isEmpty()) {
            environments.open("first", List.of(request)).close();
        }
        while (environments.status(request).orElseThrow().ready() < count) {
            TimeUnit.MICROSECONDS.sleep(PAUSE);
        }
    }

    @Override
    public void close() {
        try (directory) {
            server.close();
        }
    }
}
