package dev.isolated.benchmarks;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.redis.Redis;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Request;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.sync.RedisCommands;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pool of environments with Redis and perhaps more, and, on the same server, as many bare connections, each to a database
 * that no environment gets. Thread-safe.
 */
final class RedisArena implements AutoCloseable {

    private static final Request REDIS = Request.of(Redis.class);

    private final ServersDirectory directory = ServersDirectory.create();
    private final List<Request> requests;
    private final Environments environments;
    private final List<IsolatedEnvironment> held = new ArrayList<>();
    private final List<RedisClient> clients = new ArrayList<>();
    private final List<RedisCommands<String, String>> bare = new ArrayList<>();

    RedisArena(int size, List<Request> requests) {
        this.requests = requests;
        String most = Integer.toString(2 * size);
        var settings = new HashMap<>(Map.of(
                Keys.source("postgres").name(),
                BenchmarkSource.NAME,
                Keys.source("redis").name(),
                BenchmarkSource.NAME,
                Keys.ENVIRONMENTS_MAX.name(),
                most,
                Keys.LEASE_WARM.name(),
                Integer.toString(size),
                "isolated.postgres.scripts",
                "benchmarks-schema.sql"));
        settings.putAll(directory.settings(false));
        environments = new Environments(Catalog.found(), Catalog.found().settings(settings, Map.of()));
        for (int i = 0; i < size; i++) {
            connect();
        }
    }

    private void connect() {
        IsolatedEnvironment environment = environments.open("bare", List.of(REDIS));
        held.add(environment);
        RedisClient client = RedisClient.create(environment.get(Redis.class).uri());
        clients.add(client);
        bare.add(client.connect().sync());
    }

    IsolatedEnvironment open() {
        return environments.open("benchmark", requests);
    }

    /** A connection of that number's own. */
    RedisCommands<String, String> bare(int number) {
        return bare.get(number);
    }

    /** What a test does by hand: writes something, and empties the database. */
    void writeBare(int number) {
        bare(number).set("key", "value");
        bare(number).flushdb();
    }

    /** The same in an environment of its own. */
    void writeInEnvironment() {
        try (IsolatedEnvironment environment = open()) {
            environment.get(Redis.class).sync().set("key", "value");
        }
    }

    /** Checks that every database that is handed out is empty, and that no more than the bare ones are leased. */
    void requireClean(Report report) {
        long keys;
        try (IsolatedEnvironment environment = open()) {
            keys = environment.get(Redis.class).sync().dbsize();
        }
        int leases = environments.status(REDIS).orElseThrow().leased() - held.size();
        String found = "leases=" + leases + " keys=" + keys;
        report.line(found);
        if (leases + keys > 0) {
            throw new BenchmarkFailure("something is left behind: " + found);
        }
    }

    @Override
    public void close() {
        try (directory;
                environments) {
            clients.forEach(RedisClient::shutdown);
            held.forEach(IsolatedEnvironment::close);
        }
    }
}
