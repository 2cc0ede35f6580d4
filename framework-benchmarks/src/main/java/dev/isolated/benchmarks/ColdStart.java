package dev.isolated.benchmarks;

import java.util.List;

/** What the first test of a run waits for: from the start of its JVM to the first row, caches warm. */
final class ColdStart implements Benchmark {

    private static final List<String> MARKS = List.of(Marks.MAIN, Marks.SERVER_READY, Marks.FIRST_ROW);

    @Override
    public String name() {
        return "cold-start";
    }

    @Override
    public String description() {
        return "from the start of a JVM to its server and its first row, caches warm; against zonky's EmbeddedPostgres";
    }

    /** Each main class is run in a JVM of its own. A JUnit run will be one more subject against the same reference. */
    @Override
    public void run(Effort effort, Report report) throws Exception {
        var rounds = new Duel(1, effort.of(15, 2))
                .between(() -> Child.run(ZonkyFirstRow.class), () -> Child.run(IsolatedFirstRow.class));
        for (String mark : MARKS) {
            report.result(rounds.verdict(name() + "-" + mark, Unit.MILLIS, child -> child.millis(mark)));
        }
    }
}
