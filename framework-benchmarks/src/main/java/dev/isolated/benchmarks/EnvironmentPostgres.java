package dev.isolated.benchmarks;

/** What an environment costs a test, against the least that anybody could do. */
final class EnvironmentPostgres implements Benchmark {

    private static final int CROWD = 50;

    @Override
    public String name() {
        return "environment-postgres";
    }

    @Override
    public String description() {
        return "an environment opened, one statement, closed; against bare BEGIN, statement, ROLLBACK on a kept connection";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var arena = Arena.connected(CROWD);
                var crowd = new Crowd(CROWD)) {
            report.result(oneThread(name(), Sql.SELECT, arena, effort));
            report.result(oneThread(name() + "-insert", Sql.INSERT, arena, effort));
            report.result(manyThreads(arena, crowd, effort));
            crowd.requireNoFailure(report);
            arena.requireClean(report);
        }
    }

    private static Verdict oneThread(String name, Sql sql, Arena arena, Effort effort) throws Exception {
        int times = effort.of(200, 100);
        return Duel.ofEnvironments(effort)
                .between(
                        Side.micros(times, () -> sql.bare(arena.bare(0))),
                        Side.micros(times, () -> sql.inEnvironment(arena)))
                .verdict(name, Unit.MICROS, it -> it);
    }

    private Verdict manyThreads(Arena arena, Crowd crowd, Effort effort) throws Exception {
        int times = effort.of(10, 5);
        double micros = 1e6 / (CROWD * times);
        return new Duel(effort.of(20, 1), effort.of(60, 4))
                .between(
                        () -> micros * crowd.seconds(times, thread -> Sql.INSERT.bare(arena.bare(thread))),
                        () -> micros * crowd.seconds(times, thread -> Sql.INSERT.inEnvironment(arena)))
                .verdict(name() + "-" + CROWD, Unit.MICROS, it -> it);
    }
}
