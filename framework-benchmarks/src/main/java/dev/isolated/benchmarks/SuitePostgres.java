package dev.isolated.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same {@value SmallTest#TESTS} small tests in a JVM of their own, isolated in four ways. */
final class SuitePostgres implements Benchmark {

    /** Four tests at a time, on either side. */
    private static final Map<String, String> CONCURRENT = Map.of(
            "junit.jupiter.execution.parallel.enabled", "true",
            "junit.jupiter.execution.parallel.mode.default", "concurrent",
            "junit.jupiter.execution.parallel.config.strategy", "fixed",
            "junit.jupiter.execution.parallel.config.fixed.parallelism", "4");

    /** Two suites, how JUnit runs both, and how often. */
    private record Match(String name, Class<?> subject, Class<?> peer, Map<String, String> junit, int rounds) {}

    /**
     * A fresh database for each test is one for all threads, so zonky's cannot run concurrently. It takes a minute, and is far
     * away from the other.
     */
    private static final List<Match> MATCHES = List.of(
            new Match("transactional", IsolatedSuite.class, TransactionalSuite.class, Map.of(), 9),
            new Match("transactional-concurrent", IsolatedSuite.class, TransactionalSuite.class, CONCURRENT, 9),
            new Match("transactional-rewound", RewoundSuite.class, TransactionalSuite.class, Map.of(), 9),
            new Match("zonky", IsolatedSuite.class, ZonkySuite.class, Map.of(), 3));

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
            for (Match match : MATCHES) {
                compare(match, settings, effort, report);
            }
        }
    }

    private void compare(Match match, Map<String, String> settings, Effort effort, Report report) throws Exception {
        Map<String, String> isolated = new LinkedHashMap<>(settings);
        isolated.putAll(match.junit());
        String tests = Integer.toString(effort.of(SmallTest.TESTS, 50));
        Map<String, String> peer = new LinkedHashMap<>(match.junit());
        peer.put(SmallTest.COUNT, tests);
        isolated.put(SmallTest.COUNT, tests);
        var rounds = new Duel(effort.of(1, 0), effort.of(match.rounds(), 1))
                .between(() -> suite(match.peer(), peer), () -> suite(match.subject(), isolated));
        report.result(rounds.verdict(
                name() + "-whole-" + match.name(), Unit.MILLIS, child -> child.millis(Marks.LAST_CALLBACK)));
        report.result(rounds.verdict(
                name() + "-tests-" + match.name(),
                Unit.MILLIS,
                child -> child.millis(Marks.TEST_OVER, Marks.LAST_CALLBACK)));
    }

    private static Child suite(Class<?> suite, Map<String, String> settings) throws Exception {
        return Child.run(FixtureRun.class, settings, suite.getName());
    }
}
