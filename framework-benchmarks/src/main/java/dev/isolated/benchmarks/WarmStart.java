package dev.isolated.benchmarks;

import dev.isolated.benchmarks.Peers.Peer;
import java.util.List;
import java.util.Map;

/**
 * What the first test of the second run waits for, which finds the server running: from the first callback of its
 * extension to its first row, in a JUnit run in a JVM of its own.
 */
final class WarmStart implements Benchmark {

    @Override
    public String name() {
        return "warm-start";
    }

    @Override
    public String description() {
        return "from the first callback of a JUnit run to its first row, a server running; against zonky and Testcontainers";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var directory = ServersDirectory.create()) {
            for (Peer peer : Peers.here(report).all()) {
                compare(peer, directory.settings(true), effort, report);
            }
        }
    }

    private void compare(Peer peer, Map<String, String> settings, Effort effort, Report report) throws Exception {
        var rounds = new Duel(1, effort.of(15, 2))
                .between(
                        () -> Child.run(
                                FixtureRun.class,
                                TestcontainersFirstRow.image(),
                                peer.fixture().getName()),
                        () -> Child.run(FixtureRun.class, settings, IsolatedFixture.class.getName()));
        for (String from : List.of(Marks.FIRST_CALLBACK, Marks.PLAN)) {
            report.result(rounds.verdict(
                    name() + "-" + from + "-to-row-" + peer.name(),
                    Unit.MILLIS,
                    child -> child.millis(from, Marks.FIRST_ROW)));
        }
        report.result(rounds.verdict(
                name() + "-" + Marks.FIRST_ROW + "-" + peer.name(),
                Unit.MILLIS,
                child -> child.millis(Marks.FIRST_ROW)));
    }
}
