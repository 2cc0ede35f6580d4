package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.error.IsolationException;
import dev.isolated.lease.Lease;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Tests that share a database have tables of their own in it, and reach no others. */
class ClickHousePrefixTest extends ClickHouseServed {

    private static final ClickHouseService SERVICE = new ClickHouseService();

    @Test
    void aTestReachesNoTableWithoutItsPrefix() throws SQLException {
        try (Bench<ClickHouse> bench = Bench.open(SERVICE, server, ClickHouseService.PREFIX, settings(2, Map.of()));
                Lease<ClickHouse> one = bench.pool().lease("one");
                Lease<ClickHouse> other = bench.pool().lease("other")) {
            assertThat(other.handle().database()).isEqualTo(one.handle().database());
            String table = other.handle().table("events");
            assertThat(table).isEqualTo(other.handle().tablePrefix() + "events").startsWith("isolated_");
            execute(other.handle(), "CREATE TABLE " + table + " (a Int32) ENGINE = MergeTree ORDER BY a");

            for (String sql : List.of(
                    "SELECT * FROM " + table,
                    "INSERT INTO " + table + " VALUES (1)",
                    "DROP TABLE " + table,
                    "CREATE TABLE without_prefix (a Int32) ENGINE = Memory",
                    "CREATE DATABASE somewhere",
                    "DROP DATABASE " + one.handle().database(),
                    "DROP TABLE isolated_runs")) {
                assertThatThrownBy(() -> execute(one.handle(), sql)).as(sql).hasMessageContaining("ACCESS_DENIED");
            }
            assertThat(answer(one.handle(), "SELECT count() FROM system.tables WHERE database = currentDatabase()"))
                    .isEqualTo("0");
        }
    }

    @Test
    void scriptsAreToldThePrefix() throws SQLException {
        try (Bench<ClickHouse> bench = Bench.open(
                SERVICE,
                server,
                ClickHouseService.PREFIX,
                settings(1, Map.of("isolated.clickhouse.scripts", "clickhouse/prefixed.sql")))) {
            for (int i = 0; i < 3; i++) {
                try (Lease<ClickHouse> lease = bench.pool().lease("test " + i)) {
                    ClickHouse handle = lease.handle();
                    assertThat(answer(handle, "SELECT sum(amount) FROM " + handle.table("totals")))
                            .isEqualTo("3");
                    execute(handle, "INSERT INTO " + handle.table("orders") + " VALUES (2, 4)");
                }
            }
        }
    }

    @Test
    void theSameScriptsMakeTheSameInADatabaseOfItsOwn() throws SQLException {
        try (Bench<ClickHouse> bench = Bench.open(
                        SERVICE,
                        server,
                        ClickHouseService.DATABASE,
                        settings(1, Map.of("isolated.clickhouse.scripts", "clickhouse/prefixed.sql")));
                Lease<ClickHouse> lease = bench.pool().lease("test")) {
            assertThat(lease.handle().table("totals")).isEqualTo("totals");
            assertThat(answer(lease.handle(), "SELECT sum(amount) FROM totals")).isEqualTo("3");
        }
    }

    @Test
    void aFailedTestTellsOfItsOwnTablesAndQueries() throws SQLException {
        try (Slices<ClickHouse> slices = connect(server, settings(1, Map.of()))) {
            var slice = slices.create(1);
            ClickHouse handle = slice.handOut(new Tenant("ShopTest.fails"));
            execute(handle, "CREATE TABLE " + handle.table("orders") + " (a Int32) ENGINE = MergeTree ORDER BY a");
            execute(handle, "INSERT INTO " + handle.table("orders") + " VALUES (7)");

            List<Evidence> evidence = slice.evidence();

            assertThat(evidence.get(0).text())
                    .contains(handle.table("orders") + ": 1 rows")
                    .contains("7");
            assertThat(evidence.get(1).text()).contains("INSERT INTO " + handle.table("orders") + " VALUES (7)");
            slice.reset();
            slice.awaitReset();
            var unused = slice.handOut(new Tenant("ShopTest.next"));
            assertThat(slice.evidence()).extracting(Evidence::text).containsExactly("no tables", "");
            slice.destroy();
        }
    }

    @Test
    void settlingKnowsTheTestsOwnTables() throws SQLException {
        try (Bench<ClickHouse> bench = Bench.open(SERVICE, server, ClickHouseService.PREFIX, settings(2, Map.of()));
                Lease<ClickHouse> slow = bench.pool().lease("slow");
                Lease<ClickHouse> other = bench.pool().lease("other")) {
            String orders = slow.handle().table("orders");
            execute(slow.handle(), "CREATE TABLE " + orders + " (a Int32, b Int32) ENGINE = MergeTree ORDER BY a");
            execute(slow.handle(), "INSERT INTO " + orders + " VALUES (1, 1)");
            execute(
                    slow.handle(),
                    "ALTER TABLE " + orders + " UPDATE b = throwIf(1) WHERE 1 SETTINGS mutations_sync = 0");

            assertThatThrownBy(() -> slow.handle().settle(Duration.ofMillis(200)))
                    .hasMessageContaining("mutation of " + orders);
            other.handle().settle(Duration.ofSeconds(10));
        }
    }

    @Test
    void settlingKnowsTheTablesOfTheTestsOwnViews() throws SQLException {
        String atomic = "shared_" + Bench.newRun();
        ClickHouseServers.asAdministrator(server, "CREATE DATABASE " + atomic + " ENGINE = Atomic");
        for (String database : List.of("default", atomic)) {
            try (Bench<ClickHouse> bench = Bench.open(
                            SERVICE,
                            server,
                            ClickHouseService.PREFIX,
                            settings(2, Map.of("isolated.clickhouse.database", database)));
                    Lease<ClickHouse> slow = bench.pool().lease("slow");
                    Lease<ClickHouse> other = bench.pool().lease("other")) {
                String inner = innerTableOfAView(slow.handle());
                ClickHouseServers.asAdministrator(
                        server,
                        "ALTER TABLE " + database + ".`" + inner
                                + "` UPDATE b = throwIf(1) WHERE 1 SETTINGS mutations_sync = 0");

                assertThatThrownBy(() -> slow.handle().settle(Duration.ofMillis(200)))
                        .hasMessageContaining("mutation of " + inner);
                other.handle().settle(Duration.ofSeconds(10));
            }
        }
        ClickHouseServers.asAdministrator(server, "DROP DATABASE " + atomic);
    }

    private static String innerTableOfAView(ClickHouse handle) throws SQLException {
        String orders = handle.table("orders");
        String totals = handle.table("totals");
        execute(handle, "CREATE TABLE " + orders + " (a Int32) ENGINE = MergeTree ORDER BY a");
        execute(
                handle,
                "CREATE MATERIALIZED VIEW " + totals + " ENGINE = MergeTree ORDER BY a AS SELECT a, a AS b FROM "
                        + orders);
        execute(handle, "INSERT INTO " + orders + " VALUES (1)");
        return ClickHouseServers.askAsAdministrator(
                server,
                "SELECT target_table FROM system.tables WHERE database = '" + handle.database() + "' AND name = '"
                        + totals + "'");
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> connect(server, settings(1, Map.of("isolated.clickhouse.database", "absent"))))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("Could not share a database among tests on clickhouse")
                .hasMessageContaining("expected the database absent to be there")
                .hasMessageContaining("name another one with isolated.clickhouse.database");
    }

    private static Slices<ClickHouse> connect(Server server, Settings settings) {
        return SERVICE.connect(server, new Plan(ClickHouseService.PREFIX, List.of(), settings, Bench.newRun()));
    }

    private static Settings settings(int environments, Map<String, String> more) {
        return ClickHouseServers.settings(environments, more);
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
}
