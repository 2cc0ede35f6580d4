package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which rows a failed test's tables are told with. */
class ClickHouseEvidenceTest extends ClickHouseServed {

    private Slices<ClickHouse> slices;
    private Slice<ClickHouse> slice;
    private ClickHouse handle;

    @BeforeEach
    void handOut() {
        slices = new ClickHouseService()
                .connect(
                        server,
                        new Plan(
                                ClickHouseService.DATABASE,
                                List.of(),
                                ClickHouseServers.settings(1, Map.of()),
                                Bench.newRun()));
        slice = slices.create(1);
        handle = slice.handOut(new Tenant("ShopTest.fails"));
    }

    @AfterEach
    void giveBack() {
        slice.destroy();
        slices.close();
    }

    @Test
    void theLastRowsAreThoseThatWereInsertedLast() throws Exception {
        for (String engine : List.of("MergeTree ORDER BY id", "Memory", "Log")) {
            run("CREATE TABLE orders (id UInt64, name String) ENGINE = " + engine);
            if (engine.startsWith("MergeTree")) {
                run("SYSTEM STOP MERGES orders");
            }
            // Backwards, so that the order of the key is another one; in as many parts as make their names' order
            // another.
            for (int insert = 0; insert < 11; insert++) {
                run("INSERT INTO orders SELECT 1000 - " + insert + " * 10 - number, 'order' FROM numbers(10)");
            }

            List<String> told = tables().lines().toList();

            assertThat(told.get(0)).isEqualTo("orders: 110 rows, the last 20 of which are");
            assertThat(told.get(1)).isEqualTo("id\tname");
            assertThat(told.subList(2, 22))
                    .allSatisfy(row ->
                            assertThat(Integer.parseInt(row.split("\t", -1)[0])).isBetween(891, 910));
            assertThat(told).hasSize(22);
            run("DROP TABLE orders SYNC");
        }
    }

    @Test
    void aTableOverOthersTablesIsNotRead() throws Exception {
        run("CREATE TABLE own (id UInt64) ENGINE = MergeTree ORDER BY id");
        run("INSERT INTO own VALUES (7)");
        run("CREATE TABLE all (id UInt64) ENGINE = Merge(currentDatabase(), '.*')");
        run("CREATE TABLE held AS own ENGINE = Buffer(currentDatabase(), own, 1, 1, 1, 1, 1, 1, 1)");

        assertThat(tables())
                .contains("all: not read, for its rows are those of other tables or systems (Merge)")
                .contains("held: not read, for its rows are those of other tables or systems (Buffer)")
                .contains("own: 1 rows\nid\n7\n");
    }

    @Test
    void tablesAreReadWhateverTheyAreCalled() throws Exception {
        for (String name : List.of("`o'd`", "`o\\`d`", "`o\\nd`", "`o\\\\d`")) {
            run("CREATE TABLE " + name + " (id UInt64) ENGINE = MergeTree ORDER BY id");
            run("INSERT INTO " + name + " VALUES (7)");
        }

        assertThat(tables())
                .contains("o'd: 1 rows\nid\n7\n")
                .contains("o`d: 1 rows\nid\n7\n")
                .contains("o?d: 1 rows\nid\n7\n")
                .contains("o\\d: 1 rows\nid\n7\n");
    }

    @Test
    void whereMoreTablesAreThanAreToldThatIsSaid() throws Exception {
        for (int i = 10; i < 30; i++) {
            run("CREATE TABLE orders" + i + " (id UInt64) ENGINE = Memory");
        }
        assertThat(tables()).contains("orders29: 0 rows").doesNotContain("and more");

        run("CREATE TABLE orders30 (id UInt64) ENGINE = Memory");
        assertThat(tables())
                .contains("orders29: 0 rows")
                .doesNotContain("orders30")
                .endsWith("and more: the first 20 tables are told, by their names\n");
    }

    @Test
    void queriesAreToldWhateverLinesTheyHave() throws Exception {
        run("SELECT 1\r\n,\t2");
        ClickHouseHttp.post(handle, "", "");

        assertThat(slice.evidence().get(1).text())
                .contains("  SELECT 1\\r\\n,\\t2")
                .contains("failed: Code: 62.");
    }

    private String tables() {
        return slice.evidence().get(0).text();
    }

    private void run(String sql) throws Exception {
        var answer = ClickHouseHttp.post(handle, "", sql);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
