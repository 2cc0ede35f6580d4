package dev.isolated.benchmarks;

import dev.isolated.benchmarks.Peers.Peer;
import java.util.List;
import java.util.Map;

/** What the first test of the first run waits for: from the start of its JVM to the first row, caches warm. */
final class ColdStart implements Benchmark {

    private static final List<String> MARKS = List.of(Marks.MAIN, Marks.SERVER_READY, Marks.FIRST_ROW);

    @Override
    public String name() {
        return "cold-start";
    }

    @Override
    public String description() {
        return "from the start of a JVM to its server and its first row, no server running; against zonky and Testcontainers";
    }

    /** Each main class is run in a JVM of its own. */
    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var directory = ServersDirectory.create()) {
            for (Peer peer : Peers.here(report).all()) {
                compare(peer, directory.settings(false), effort, report);
            }
        }
    }

    private void compare(Peer peer, Map<String, String> settings, Effort effort, Report report) throws Exception {
        var rounds = new Duel(1, effort.of(15, 2))
                .between(
                        () -> Child.run(peer.firstRow(), TestcontainersFirstRow.image()),
                        () -> Child.run(IsolatedFirstRow.class, settings));
        for (String mark : MARKS) {
            report.result(
                    rounds.verdict(name() + "-" + mark + "-" + peer.name(), Unit.MILLIS, child -> child.millis(mark)));
        }
    }
}
