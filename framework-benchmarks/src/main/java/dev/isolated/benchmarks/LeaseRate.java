package dev.isolated.benchmarks;

import dev.isolated.redis.Redis;
import dev.isolated.spi.Request;
import java.util.List;

/** How many environments with Redis a second eight threads can have. */
final class LeaseRate implements Benchmark {

    private static final int CROWD = 8;

    @Override
    public String name() {
        return "lease-rate";
    }

    @Override
    public String description() {
        return "environments with Redis and a SET by 8 threads, a second; against SET and FLUSHDB on as many connections";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        int times = effort.of(250, 25);
        double each = CROWD * times;
        try (var arena = new RedisArena(CROWD, List.of(Request.of(Redis.class)));
                var crowd = new Crowd(CROWD)) {
            report.result(new Duel(effort.of(10, 1), effort.of(40, 4))
                    .between(
                            () -> each / crowd.seconds(times, arena::writeBare),
                            () -> each / crowd.seconds(times, thread -> arena.writeInEnvironment()))
                    .verdict(name(), Unit.PER_SECOND, it -> it));
            crowd.requireNoFailure(report);
            arena.requireClean(report);
        }
    }
}
