package dev.isolated.benchmarks;

import java.util.List;
import java.util.Map;

/** What the first test with ClickHouse waits for, against what the first one with Postgres does. */
final class ClickHouseStart implements Benchmark {

    private static final List<String> MARKS = List.of(Marks.SERVER_READY, Marks.FIRST_ROW);

    @Override
    public String name() {
        return "clickhouse-start";
    }

    @Override
    public String description() {
        return "from main to the embedded ClickHouse and its first row, no server running, and one running; against the same with"
                + " Postgres";
    }

    /** The servers that stay warm go by themselves while others are started. */
    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var warm = ServersDirectory.create();
                var cold = ServersDirectory.create()) {
            compare("-warm", warm.settings(true), effort, report);
            compare("", cold.settings(false), effort, report);
        }
    }

    /** Each main class is run in a JVM of its own; the first round, which does not count, leaves servers that stay. */
    private void compare(String variant, Map<String, String> settings, Effort effort, Report report) throws Exception {
        var rounds = new Duel(1, effort.of(15, 2))
                .between(
                        () -> Child.run(IsolatedFirstRow.class, settings),
                        () -> Child.run(ClickHouseFirstRow.class, settings));
        for (String mark : MARKS) {
            report.result(rounds.verdict(
                    name() + variant + "-" + mark, Unit.MILLIS, child -> child.millis(Marks.MAIN, mark)));
        }
    }
}
