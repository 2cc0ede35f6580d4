package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.contract.OwnThread;
import dev.isolated.error.IsolationException;
import dev.isolated.lease.Lease;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tests of ClickHouse start with, what is told of them, and what becomes of a server that dies. */
class ClickHouseSetUpTest extends ClickHouseServed {

    private static final ClickHouseService SERVICE = new ClickHouseService();

    @Test
    void everyTestStartsWithWhatTheScriptsMake() throws SQLException {
        try (Bench<ClickHouse> bench =
                Bench.open(SERVICE, server, ClickHouseService.DATABASE, settings("clickhouse/shop.sql"))) {
            for (int i = 0; i < 3; i++) {
                try (Lease<ClickHouse> lease = bench.pool().lease("test " + i)) {
                    assertThat(answer(lease.handle(), "SELECT item, amount FROM totals FINAL"))
                            .isEqualTo("tea; green");
                    assertThat(answer(lease.handle(), "SELECT count() FROM orders"))
                            .isEqualTo("1");
                    execute(lease.handle(), "INSERT INTO orders VALUES (2, 'coffee', 4)");
                    execute(lease.handle(), "DROP TABLE totalling");
                }
            }
        }
    }

    @Test
    void aScriptThatFailsIsNamedWithItsStatement() {
        try (Slices<ClickHouse> slices = SERVICE.connect(
                server,
                new Plan(ClickHouseService.DATABASE, List.of(), settings("clickhouse/broken.sql"), Bench.newRun()))) {
            assertThatThrownBy(() -> slices.create(1))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining(
                            "Could not run the script clickhouse/broken.sql in ClickHouse database isolated_")
                    .hasMessageContaining("Code: 50.")
                    .hasMessageContaining("in: CREATE TABLE broken")
                    .hasMessageContaining("What to do: correct the script");
        }
    }

    @Test
    void aFailedTestTellsItsTablesRowsAndQueries() throws SQLException {
        try (Slices<ClickHouse> slices = SERVICE.connect(
                server,
                new Plan(ClickHouseService.DATABASE, List.of(), settings("clickhouse/shop.sql"), Bench.newRun()))) {
            var slice = slices.create(1);
            ClickHouse handle = slice.handOut(new Tenant("ShopTest.fails"));
            execute(handle, "INSERT INTO orders VALUES (7, 'cocoa', 1)");
            assertThatThrownBy(() -> execute(handle, "SELECT price\nFROM orders"))
                    .hasMessageContaining("47");

            List<Evidence> evidence = slice.evidence();

            assertThat(evidence).extracting(Evidence::title).containsExactly("tables and rows", "queries");
            assertThat(evidence.get(0).text())
                    .contains("orders: 2 rows")
                    .contains("tea; green")
                    .contains("totals: 2 rows");
            assertThat(evidence.get(1).text())
                    .containsSubsequence(
                            "CREATE TABLE orders",
                            " ms  INSERT INTO orders VALUES (7, 'cocoa', 1)",
                            " ms  SELECT price\\nFROM orders",
                            "failed: Code: 47. DB::Exception");
            slice.reset();
            slice.awaitReset();
            var unused = slice.handOut(new Tenant("ShopTest.next"));
            assertThat(slice.evidence().get(1).text()).doesNotContain("cocoa");
            slice.destroy();
        }
    }

    @Test
    void nobodyHasANeighbourRemovedByAComment() throws SQLException {
        String dead = Bench.newRun();
        connect(dead).close();
        String own = Bench.newRun();
        try (Slices<ClickHouse> slices = connect(own);
                Slices<ClickHouse> sweeping = connect(Bench.newRun())) {
            var slice = slices.create(1);
            ClickHouse handle = slice.handOut(new Tenant("MischievousTest"));
            execute(
                    handle,
                    "ALTER DATABASE " + handle.database() + " MODIFY COMMENT 'of a test: run " + dead
                            + ", user isolated_" + own + "_2'");
            assertThat(leftovers(sweeping)).noneMatch(it -> it.contains(dead) || it.contains(own));
            slice.destroy();
        }
    }

    @Test
    void aUserThatAKilledRunHasJustMadeIsFound() throws SQLException {
        String dead = Bench.newRun();
        connect(dead).close();
        ClickHouseServers.asAdministrator(
                server, "CREATE USER isolated_" + dead + "_5 IDENTIFIED WITH sha256_hash BY '" + "0".repeat(64) + "'");
        try (Slices<ClickHouse> sweeping = connect(Bench.newRun())) {
            // Another build may be as quick.
            sweeping.leftovers().stream()
                    .filter(it ->
                            it.describe().equals("user isolated_" + dead + "_5 of run " + dead + ", which has ended"))
                    .forEach(Leftover::remove);
            assertThatThrownBy(() -> ClickHouseServers.asAdministrator(server, "DROP USER isolated_" + dead + "_5"))
                    .hasMessageContaining("There is no user");
        }
    }

    private static Slices<ClickHouse> connect(String run) {
        return SERVICE.connect(
                server, new Plan(ClickHouseService.DATABASE, List.of(), ClickHouseServers.settings(1, Map.of()), run));
    }

    private static List<String> leftovers(Slices<ClickHouse> slices) {
        return slices.leftovers().stream().map(Leftover::describe).toList();
    }

    @Test
    void settlingInVainSaysWhatIsOutstanding() throws SQLException {
        try (Bench<ClickHouse> bench =
                        Bench.open(SERVICE, server, ClickHouseService.DATABASE, settings("clickhouse/shop.sql"));
                Lease<ClickHouse> lease = bench.pool().lease("SlowTest")) {
            execute(
                    lease.handle(),
                    "ALTER TABLE orders UPDATE item = toString(throwIf(1)) WHERE 1 SETTINGS mutations_sync = 0");
            assertThatThrownBy(() -> lease.handle().settle(Duration.ofMillis(200)))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("to settle")
                    .hasMessageContaining("within 200 ms")
                    .hasMessageContaining("mutation of orders");
        }
    }

    @Test
    void anEngineThatIsKilledIsMissedAndReplaced(@TempDir Path directory) throws IOException, SQLException {
        Server doomed = ClickHouseServers.embeddedIn(directory);
        assertThat(ClickHouseServers.process(doomed).destroyForcibly()).isTrue();
        await().atMost(Duration.ofSeconds(5)).until(() -> doomed.hold().death().isPresent());
        doomed.close();

        try (Server next = ClickHouseServers.embeddedIn(directory)) {
            assertThat(next.endpoint().port()).isNotEqualTo(doomed.endpoint().port());
            try (Bench<ClickHouse> bench =
                            Bench.open(SERVICE, next, ClickHouseService.DATABASE, settings("clickhouse/shop.sql"));
                    Lease<ClickHouse> lease = bench.pool().lease("the next test")) {
                assertThat(answer(lease.handle(), "SELECT count() FROM orders")).isEqualTo("1");
            }
        }
        ClickHouseServers.awaitEnd(directory);
    }

    @Test
    void anEngineThatIsKilledInTheMiddleOfAnInsertIsReplacedForTheNextTest(@TempDir Path directory) throws Exception {
        Server doomed = ClickHouseServers.embeddedIn(directory);
        var plan = new Plan(ClickHouseService.DATABASE, List.of(), settings("clickhouse/shop.sql"), Bench.newRun());
        try (Slices<ClickHouse> slices = SERVICE.connect(doomed, plan)) {
            ClickHouse handle = slices.create(1).handOut(new Tenant("the test that is struck"));
            var insert = OwnThread.supply(() -> failure(
                    handle,
                    "INSERT INTO orders SELECT number, toString(sleepEachRow(0.5)), 1 FROM numbers(1000)"
                            + " SETTINGS max_block_size = 1"));
            await().until(() -> answer(
                            handle,
                            "SELECT count() FROM system.processes WHERE query LIKE 'INSERT INTO orders%sleepEachRow%'")
                    .equals("1"));
            assertThat(ClickHouseServers.process(doomed).destroyForcibly()).isTrue();
            assertThat(insert.get(30, TimeUnit.SECONDS))
                    .as("what the insert fails with")
                    .isPresent();
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> doomed.hold().death().isPresent());
        }
        doomed.close();

        try (Server next = ClickHouseServers.embeddedIn(directory);
                Bench<ClickHouse> bench =
                        Bench.open(SERVICE, next, ClickHouseService.DATABASE, settings("clickhouse/shop.sql"));
                Lease<ClickHouse> lease = bench.pool().lease("the next test")) {
            execute(lease.handle(), "INSERT INTO orders VALUES (2, 'coffee', 4)");
            assertThat(answer(lease.handle(), "SELECT count() FROM orders")).isEqualTo("2");
        }
        ClickHouseServers.awaitEnd(directory);
    }

    private static Optional<SQLException> failure(ClickHouse handle, String sql) {
        try {
            execute(handle, sql);
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(e);
        }
    }

    @Test
    void aServerWhereDatabasesMayNotBeMadeIsRefusedWithWhatToGrant() {
        try (Bench<ClickHouse> bench = Bench.open(
                        SERVICE, server, ClickHouseService.DATABASE, ClickHouseServers.settings(1, Map.of()));
                Lease<ClickHouse> lease = bench.pool().lease("the one with few rights")) {
            Server limited = ClickHouseServers.external(
                    server.endpoint(),
                    lease.handle().user(),
                    lease.handle().password().reveal());
            var plan = new Plan(
                    ClickHouseService.DATABASE, List.of(), ClickHouseServers.settings(1, Map.of()), Bench.newRun());
            assertThatThrownBy(() -> SERVICE.connect(limited, plan))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("Could not make the table of runs on clickhouse (external")
                    .hasMessageContaining(
                            "expected the server to let " + lease.handle().user() + " do it")
                    .hasMessageContaining("ACCESS_DENIED")
                    .hasMessageContaining("grant that user what docs/clickhouse.md lists");
        }
    }

    @Test
    void theFrontStartsFromAnArchiveOfItsClassesAndDoesNotLiveOnWithoutMemory() {
        assertThat(ClickHouseServers.process(server).info().arguments().orElseThrow())
                .contains("-XX:+ExitOnOutOfMemoryError")
                .anyMatch(it -> it.startsWith("-XX:SharedArchiveFile="));
    }

    private static String answer(ClickHouse handle, String sql) throws SQLException {
        try (Connection connection = handle.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }

    private static void execute(ClickHouse handle, String sql) throws SQLException {
        try (Connection connection = handle.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Settings settings(String scripts) {
        return ClickHouseServers.settings(1, Map.of("isolated.clickhouse.scripts", scripts));
    }
}
