package dev.isolated.benchmarks;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.redis.Redis;
import dev.isolated.spi.Request;
import java.util.List;

/** What an environment with Redis costs a test, against the least that anybody could do. */
final class EnvironmentRedis implements Benchmark {

    @Override
    public String name() {
        return "environment-redis";
    }

    @Override
    public String description() {
        return "an environment with Redis opened and closed, with and without a SET; against (SET and) FLUSHDB on a kept connection";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var arena = new RedisArena(2, List.of(Request.of(Redis.class)))) {
            report.result(duel(name(), effort, () -> arena.writeBare(0), arena::writeInEnvironment));
            report.result(duel(name() + "-flushdb", effort, () -> arena.bare(0).flushdb(), arena::writeInEnvironment));
            report.result(duel(
                    name() + "-unused",
                    effort,
                    () -> arena.bare(0).flushdb(),
                    () -> arena.open().close()));
            report.result(
                    duel(name() + "-password", effort, () -> arena.writeBare(0), () -> writeAndAskForPassword(arena)));
            arena.requireClean(report);
        }
    }

    /** Whoever may know the password is cut off, which takes more. */
    private static void writeAndAskForPassword(RedisArena arena) {
        try (IsolatedEnvironment environment = arena.open()) {
            Redis redis = environment.get(Redis.class);
            if (redis.password().reveal().isEmpty()) {
                throw new BenchmarkFailure("a lease without a password");
            }
            redis.sync().set("key", "value");
        }
    }

    private static Verdict duel(String name, Effort effort, Side.Task bare, Side.Task environment) throws Exception {
        int times = effort.of(200, 100);
        return Duel.ofEnvironments(effort)
                .between(Side.micros(times, bare), Side.micros(times, environment))
                .verdict(name, Unit.MICROS, it -> it);
    }
}
