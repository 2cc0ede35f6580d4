package dev.isolated.benchmarks;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.postgres.Postgres;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** What an environment with two services costs, whose ends overlap; against both undone by hand, one after the other. */
final class EnvironmentPostgresRedis implements Benchmark {

    @Override
    public String name() {
        return "environment-postgres-redis";
    }

    @Override
    public String description() {
        return "an environment with Postgres and Redis, an insert and a SET; against BEGIN, insert, SET, ROLLBACK, FLUSHDB";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        int times = effort.of(200, 100);
        try (var arena = new RedisArena(1, List.of(Request.of(Postgres.class), Request.of(Redis.class)));
                Connection kept = connection(arena)) {
            report.result(Duel.ofEnvironments(effort)
                    .between(
                            Side.micros(times, () -> bare(arena, kept)), Side.micros(times, () -> inEnvironment(arena)))
                    .verdict(name(), Unit.MICROS, it -> it));
            arena.requireClean(report);
        }
    }

    private static Connection connection(RedisArena arena) throws SQLException {
        try (IsolatedEnvironment environment = arena.open()) {
            return Arena.bare(environment.get(Postgres.class));
        }
    }

    private static void bare(RedisArena arena, Connection kept) throws SQLException {
        Sql.INSERT.execute(kept);
        arena.bare(0).set("key", "value");
        kept.rollback();
        arena.bare(0).flushdb();
    }

    private static void inEnvironment(RedisArena arena) throws SQLException {
        try (IsolatedEnvironment environment = arena.open();
                Connection connection = environment.get(Postgres.class).connection()) {
            Sql.INSERT.execute(connection);
            environment.get(Redis.class).sync().set("key", "value");
        }
    }
}
