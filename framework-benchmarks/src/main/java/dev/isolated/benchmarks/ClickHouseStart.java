package dev.isolated.benchmarks;

import java.util.List;

/** What the first test with ClickHouse waits for, against what the first one with Postgres does. */
final class ClickHouseStart implements Benchmark {

    private static final List<String> MARKS = List.of(Marks.SERVER_READY, Marks.FIRST_ROW);

    @Override
    public String name() {
        return "clickhouse-start";
    }

    @Override
    public String description() {
        return "from main to the embedded ClickHouse and its first row, no server running; against the same with Postgres";
    }

    /** Each main class is run in a JVM of its own. */
    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var directory = ServersDirectory.create()) {
            var rounds = new Duel(1, effort.of(15, 2))
                    .between(
                            () -> Child.run(IsolatedFirstRow.class, directory.settings(false)),
                            () -> Child.run(ClickHouseFirstRow.class, directory.settings(false)));
            for (String mark : MARKS) {
                report.result(
                        rounds.verdict(name() + "-" + mark, Unit.MILLIS, child -> child.millis(Marks.MAIN, mark)));
            }
        }
    }
}
