package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.embedded.EmbeddedSource;
import dev.isolated.environment.Environments;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Request;
import dev.isolated.spi.Server;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many tests at a time that do what tests do, and worse; {@code -Disolated.stress.seconds} says for how long. Nobody sees
 * anything of anybody else, whatever fails has a reason, and nothing is left.
 */
@Isolated
class StressTest {

    private static final int AT_ONCE = 64;
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration TIME = Duration.ofSeconds(Long.getLong("isolated.stress.seconds", 5));

    static Stream<String> modes() {
        return new PostgresService().modes().stream();
    }

    @ParameterizedTest
    @MethodSource("modes")
    void testsOfAllKindsAtTheSameTimeNeverMeet(String mode, TestReporter reporter) throws Exception {
        var request = new Request(Postgres.class, mode, List.of());
        String run;
        try (Environments environments = Sandboxes.environments(Map.of(
                "isolated.environments.max", Integer.toString(AT_ONCE),
                "isolated.lease.timeout", "60s",
                "isolated.postgres.connections", "2",
                "isolated.postgres.turn-timeout", "30s"))) {
            long firstSeed = Long.getLong("isolated.stress.seed", System.nanoTime());
            run = runOf(environments, request);
            long tests = everything(environments, request, firstSeed);
            reporter.publishEntry(mode, tests + " tests, the first seed " + firstSeed);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(environments.status(request))
                            .hasValueSatisfying(status -> {
                                assertThat(status.leased()).isZero();
                                assertThat(status.waiting()).isZero();
                            }));
        }
        requireNothingLeft(run);
    }

    /** How many tests there have been. */
    private static long everything(Environments environments, Request request, long firstSeed) throws Exception {
        long end = System.nanoTime() + TIME.toNanos();
        ExecutorService crowd = Executors.newCachedThreadPool();
        try {
            List<Callable<Long>> testers = LongStream.range(0, AT_ONCE)
                    .mapToObj(number -> (Callable<Long>) () -> {
                        long count = 0;
                        do {
                            long seed = firstSeed + number + AT_ONCE * count++;
                            new RandomTest(seed, crowd).run(environments, request);
                        } while (System.nanoTime() < end);
                        return count;
                    })
                    .toList();
            long count = 0;
            for (Future<Long> tester : crowd.invokeAll(testers)) {
                count += tester.get();
            }
            return count;
        } finally {
            crowd.shutdown();
            assertThat(crowd.awaitTermination(30, TimeUnit.SECONDS))
                    .as("statements that were running when their test ended have ended")
                    .isTrue();
        }
    }

    /** What the names of all that the run makes on the server begin with. */
    private static String runOf(Environments environments, Request request) throws SQLException {
        try (var environment = environments.open("StressTest.run", List.of(request));
                var connection = environment.get(Postgres.class).connection()) {
            String role = Sql.one(connection, "select session_user");
            return role.substring(0, role.lastIndexOf('_') + 1);
        }
    }

    private static void requireNothingLeft(String run) {
        var settings = Settings.builder()
                .declare(new EmbeddedSource().keys())
                .declare(PostgresKeys.all())
                .build();
        try (Server server = new EmbeddedSource().start(new PostgresService(), settings);
                PostgresAdmin admin = PostgresAdmin.connect(server, PostgresAdmin.MAINTENANCE)) {
            await().atMost(SOON).untilAsserted(() -> {
                var left = new ArrayList<String>();
                left.addAll(admin.query(
                        "SELECT 'database ' || datname FROM pg_database WHERE starts_with(datname, '" + run + "')"));
                left.addAll(admin.query(
                        "SELECT 'role ' || rolname FROM pg_roles WHERE starts_with(rolname, '" + run + "')"));
                left.addAll(
                        admin.query("SELECT 'session of ' || usename FROM pg_stat_activity WHERE starts_with(usename, '"
                                + run + "')"));
                assertThat(left).isEmpty();
            });
        }
    }
}
