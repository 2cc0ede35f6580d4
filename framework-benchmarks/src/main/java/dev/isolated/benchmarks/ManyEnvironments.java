package dev.isolated.benchmarks;

/** Whether a large suite leaves anything behind, and how many tests a second it could run at most. */
final class ManyEnvironments implements Benchmark {

    private static final int CROWD = 50;

    @Override
    public String name() {
        return "many-environments";
    }

    @Override
    public String description() {
        return "10,000 environments with an insert each by 50 threads leave nothing behind; against bare transactions";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        int rounds = effort.of(20, 4);
        int times = effort.of(10, 5);
        int each = CROWD * times;
        try (var arena = Arena.connected(CROWD);
                var crowd = new Crowd(CROWD)) {
            report.result(new Duel(0, rounds)
                    .between(
                            () -> each / crowd.seconds(times, thread -> Sql.INSERT.bare(arena.bare(thread))),
                            () -> each / crowd.seconds(times, thread -> Sql.INSERT.inEnvironment(arena)))
                    .verdict(name(), Unit.PER_SECOND, it -> it));
            report.line("environments=" + rounds * each);
            crowd.requireNoFailure(report);
            arena.requireClean(report);
        }
    }
}
