package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.contract.Captured;
import dev.isolated.lease.Lease;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What other JVMs have on a ClickHouse server: of the dead it is removed, of the living never. */
@Timeout(120)
class ClickHouseSweepTest {

    private static final ClickHouseService SERVICE = new ClickHouseService();

    /** A server that no other build sweeps. */
    @TempDir
    private static Path directory;

    private static Server server;

    private Process jvm;
    private BufferedReader said;
    private String database;

    @BeforeAll
    static void startServer() throws IOException {
        server = ClickHouseServers.embeddedIn(directory);
    }

    @AfterAll
    static void stopServer() {
        server.close();
        ClickHouseServers.awaitEnd(directory);
    }

    @BeforeEach
    void startJvm() throws IOException {
        Endpoint endpoint = server.endpoint();
        var builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ClickHouseMain.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment()
                .putAll(Map.of(
                        "TEST_CLICKHOUSE_HOST", endpoint.host(),
                        "TEST_CLICKHOUSE_HTTP_PORT", Integer.toString(endpoint.port()),
                        "TEST_CLICKHOUSE_USER", endpoint.user(),
                        "TEST_CLICKHOUSE_PASSWORD", endpoint.password().reveal()));
        jvm = builder.start();
        said = jvm.inputReader(StandardCharsets.UTF_8);
        database = said.readLine();
        assertThat(database).as("the database of the other JVM").startsWith("isolated_");
    }

    @AfterEach
    void endJvm() throws InterruptedException {
        jvm.destroyForcibly().waitFor();
    }

    @Test
    void whatAKilledJvmLeavesIsGoneSoonAndWhatTheLivingHaveStays() throws Exception {
        try (var log = new Captured("dev.isolated.lease");
                Bench<ClickHouse> bench = Bench.open(
                        SERVICE, server, ClickHouseService.DATABASE, ClickHouseServers.settings(1, Map.of()));
                Lease<ClickHouse> lease = bench.pool().lease("LivingTest.goesOn")) {
            assertThat(databases(run())).isGreaterThan(0);

            jvm.destroyForcibly();

            await().atMost(Duration.ofSeconds(20)).until(() -> databases(run()) == 0);
            await().until(() -> log.lines(Level.INFO).stream().anyMatch(line -> line.contains(database)));
            assertThat(log.lines(Level.INFO))
                    .allMatch(line -> line.startsWith("removed database isolated_")
                            && line.contains("of run " + run() + ", which has ended"));
            assertThat(ClickHouseServers.askAsAdministrator(
                            server,
                            "SELECT count() FROM system.databases WHERE name = '"
                                    + lease.handle().database() + "'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aStoppedJvmOnThisMachineKeepsWhatItHasHoweverLongItIsSilent() throws Exception {
        try (Slices<ClickHouse> witness = SERVICE.connect(
                server,
                new Plan(
                        ClickHouseService.DATABASE,
                        List.of(),
                        ClickHouseServers.settings(1, Map.of()),
                        Bench.newRun()))) {
            Signal.send("STOP", jvm.pid());
            letHeartbeatsBeOld("machine");
            assertThat(leftovers(witness)).isEmpty();

            Signal.send("CONT", jvm.pid());
            jvm.getOutputStream().write('\n');
            jvm.getOutputStream().flush();
            assertThat(said.readLine()).isEqualTo("42 rows");
        }
    }

    @Test
    void aJvmOnAnotherMachineIsDeadWhenItIsSilentForLong() throws Exception {
        try (Slices<ClickHouse> witness = SERVICE.connect(
                server,
                new Plan(
                        ClickHouseService.DATABASE,
                        List.of(),
                        ClickHouseServers.settings(1, Map.of()),
                        Bench.newRun()))) {
            assertThat(leftovers(witness)).isEmpty();
            Signal.send("STOP", jvm.pid());
            letHeartbeatsBeOld("'another machine'");
            assertThat(leftovers(witness)).anyMatch(it -> it.contains(database));
        }
    }

    private String run() {
        return database.replaceFirst("^isolated_\\d+_", "").replaceFirst("_.*", "");
    }

    private int databases(String run) throws SQLException {
        return Integer.parseInt(ClickHouseServers.askAsAdministrator(
                server, "SELECT count() FROM system.databases WHERE comment LIKE 'of a test: run " + run + ",%'"));
    }

    private List<String> leftovers(Slices<ClickHouse> witness) {
        return witness.leftovers().stream()
                .map(Leftover::describe)
                .filter(it -> it.contains(run()))
                .toList();
    }

    /** As if the other JVM had been silent for some minutes, on a machine. */
    private void letHeartbeatsBeOld(String machine) throws SQLException {
        ClickHouseServers.asAdministrator(
                server,
                "INSERT INTO isolated.runs SELECT run, " + machine
                        + ", pid, began, now64(3) - INTERVAL 5 MINUTE, 0 FROM isolated.runs WHERE run = '" + run()
                        + "' LIMIT 1");
        ClickHouseServers.asAdministrator(
                server,
                "ALTER TABLE isolated.runs DELETE WHERE run = '" + run()
                        + "' AND at > now64(3) - INTERVAL 2 MINUTE SETTINGS mutations_sync = 1");
    }
}
