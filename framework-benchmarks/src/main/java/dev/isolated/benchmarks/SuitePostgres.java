package dev.isolated.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same {@value SmallTest#TESTS} small tests in a JVM of their own, isolated in three ways. */
final class SuitePostgres implements Benchmark {

    /** Four tests at a time, on either side. */
    private static final Map<String, String> CONCURRENT = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "4");

    /** Whom the suite is compared with, and how JUnit runs both. */
    private record Peer(String name, Class<?> suite, Map<String, String> junit) {}

    /** A fresh database for each test is one for all threads, so zonky's cannot run concurrently. */
    private static final List<Peer> PEERS = List.of(
            new Peer("zonky", ZonkySuite.class, Map.of()),
            new Peer("transactional", TransactionalSuite.class, Map.of()),
            new Peer("transactional-concurrent", TransactionalSuite.class, CONCURRENT));

    @Override
    public String name() {
        return "suite-postgres";
    }

    @Override
    public String description() {
        return SmallTest.TESTS
                + " small tests; against embedded-database-spring-test's fresh databases and @Transactional";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var directory = ServersDirectory.create()) {
            Map<String, String> settings = new LinkedHashMap<>(directory.settings(false));
            settings.put("isolated.postgres.scripts", "suite/V1__shop.sql");
            for (Peer peer : PEERS) {
                compare(peer, settings, effort, report);
            }
        }
    }

    private void compare(Peer peer, Map<String, String> settings, Effort effort, Report report) throws Exception {
        Map<String, String> isolated = new LinkedHashMap<>(settings);
        isolated.putAll(peer.junit());
        var rounds = new Duel(effort.of(1, 0), effort.of(9, 1))
                .between(() -> suite(peer.suite(), peer.junit()), () -> suite(IsolatedSuite.class, isolated));
        report.result(rounds.verdict(
                name() + "-whole-" + peer.name(), Unit.MILLIS, child -> child.millis(Marks.LAST_CALLBACK)));
        report.result(rounds.verdict(
                name() + "-tests-" + peer.name(),
                Unit.MILLIS,
                child -> child.millis(Marks.TEST_OVER, Marks.LAST_CALLBACK)));
    }

    private static Child suite(Class<?> suite, Map<String, String> settings) throws Exception {
        return Child.run(FixtureRun.class, settings, suite.getName());
    }
}
