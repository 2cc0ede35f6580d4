package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.contract.Captured;
import dev.isolated.lease.Lease;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A JVM that is killed while two others' pools live on the same server. */
class ExternalSweepTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final String OURS = "SELECT rolname FROM pg_roles WHERE rolname ~ '^isolated_[0-9a-f]{8}_'"
            + " UNION ALL SELECT datname FROM pg_database WHERE datname ~ '^isolated_[0-9a-f]{8}_'";

    private OwnServer own;

    @BeforeEach
    void start() throws IOException, SQLException {
        own = OwnServer.start();
    }

    @AfterEach
    void stop() {
        own.close();
    }

    @Test
    void whatAKilledJvmLeavesIsGoneSoonAndWhatTheLivingHaveStays() throws Exception {
        try (var log = new Captured("dev.isolated.lease");
                Bench<Postgres> one = bench();
                Bench<Postgres> other = bench();
                Lease<Postgres> lease = one.pool().lease("LivingTest.goesOn")) {
            // Two are kept ready by each, and one of these is leased and replaced.
            await().until(() -> one.slices().existing() == 3 && other.slices().existing() == 2);
            List<String> living = own.list(OURS);
            Process jvm = startedJvm();
            assertThat(own.list(OURS)).hasSizeGreaterThan(living.size());
            assertThat(log.lines(Level.INFO)).isEmpty();

            jvm.destroyForcibly();

            await().atMost(SOON).untilAsserted(() -> assertThat(own.list(OURS)).hasSameElementsAs(living));
            await().until(() -> !log.lines(Level.INFO).isEmpty());
            assertThat(log.lines(Level.INFO)).allMatch(line -> line.startsWith("removed database and role isolated_"));
            assertThat(log.lines(Level.WARNING)).isEmpty();
            try (Connection connection = lease.handle().connection()) {
                assertThat(PostgresProbe.number(connection, "SELECT 42")).isEqualTo(42);
            }
        }
        assertThat(own.list(OURS)).isEmpty();
        await().until(() -> own.list("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'isolated%'")
                .isEmpty());
    }

    private Bench<Postgres> bench() throws SQLException {
        return Bench.open(
                OwnServer.SERVICE, own.external(Map.of()), PostgresService.TRANSACTION, own.settings(Map.of()));
    }

    /** A JVM that holds a slice, led to the server by the environment variables of the convention. */
    private Process startedJvm() throws IOException {
        ProcessBuilder builder = ChildJvm.of(ExternalMain.class).redirectErrorStream(true);
        builder.environment()
                .putAll(Map.of(
                        "TEST_POSTGRES_HOST", own.server().endpoint().host(),
                        "TEST_POSTGRES_PORT", Integer.toString(own.port()),
                        "TEST_POSTGRES_USER", own.server().endpoint().user(),
                        "TEST_POSTGRES_PASSWORD",
                                own.server().endpoint().password().reveal()));
        Process jvm = builder.start();
        BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8);
        var said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.append(line).append('\n');
            if (line.equals(ServerMain.READY)) {
                return jvm;
            }
        }
        throw new AssertionError("the JVM ended before its slice was ready: " + said);
    }
}
