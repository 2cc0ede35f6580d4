package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What ClickHouse does with a test's tables beside reading and writing, and what the embedded engine does not do. */
class ClickHouseFeaturesTest extends ClickHouseLeased {

    @Test
    void aRowThatHasOutlivedItsTimeGoesWithTheNextMerge() throws Exception {
        run("CREATE TABLE events (id UInt64, at DateTime) ENGINE = MergeTree ORDER BY id TTL at + INTERVAL 1 HOUR");
        run("INSERT INTO events SELECT number, if(number = 0, now() - INTERVAL 2 HOUR, now()) FROM numbers(3)");
        run("OPTIMIZE TABLE events FINAL");
        lease.handle().settle(Duration.ofSeconds(30));

        assertThat(run("SELECT groupArray(id) FROM (SELECT id FROM events ORDER BY id)"))
                .isEqualTo("[1,2]");
    }

    @Test
    void theLastVersionOfARowReplacesTheOthers() throws Exception {
        run("CREATE TABLE prices (item String, version UInt32, price UInt32) ENGINE = ReplacingMergeTree(version)"
                + " ORDER BY item");
        run("SYSTEM STOP MERGES prices");
        run("INSERT INTO prices VALUES ('tea', 1, 10), ('cake', 1, 20)");
        run("INSERT INTO prices VALUES ('tea', 3, 12)");
        run("INSERT INTO prices VALUES ('tea', 2, 11)");
        assertThat(run("SELECT count() FROM prices")).isEqualTo("4");
        String latest = "SELECT item, price FROM prices %s ORDER BY item FORMAT CSV";
        assertThat(run(String.format(latest, "FINAL"))).isEqualTo("\"cake\",20\n\"tea\",12");

        run("SYSTEM START MERGES prices");
        run("OPTIMIZE TABLE prices FINAL");
        lease.handle().settle(Duration.ofSeconds(30));
        assertThat(run(String.format(latest, ""))).isEqualTo("\"cake\",20\n\"tea\",12");
    }

    @Test
    void aDictionaryOfTheTestsOwnTableSeesWhatIsInsertedWhenItIsMadeAgain() throws Exception {
        String database = lease.handle().database();
        String made =
                "DICTIONARY dictionary (id UInt64, name String DEFAULT 'none') PRIMARY KEY id SOURCE(CLICKHOUSE(DB '"
                        + database + "' TABLE 'names')) LAYOUT(HASHED()) LIFETIME(0)";
        String looked = "SELECT dictGet('" + database + ".dictionary', 'name', toUInt64(2))";
        run("CREATE TABLE names (id UInt64, name String) ENGINE = MergeTree ORDER BY id");
        run("INSERT INTO names VALUES (1, 'assam')");
        run("CREATE " + made);
        assertThat(run(looked)).isEqualTo("none");

        run("INSERT INTO names VALUES (2, 'darjeeling')");
        assertThat(run(looked)).isEqualTo("none");
        run("CREATE OR REPLACE " + made);
        assertThat(run(looked)).isEqualTo("darjeeling");
    }

    @Test
    void replicationAndClustersAreRefusedWithTheReason() throws Exception {
        for (String sql : new String[] {
            "CREATE TABLE r (a Int32) ENGINE = ReplicatedMergeTree('/r', '1') ORDER BY a",
            "CREATE TABLE r (a Int32) ENGINE = ReplicatedReplacingMergeTree('/r', '1') ORDER BY a"
        }) {
            assertThat(ClickHouseHttp.post(lease.handle(), "", sql))
                    .satisfies(ClickHouseHttp.refusal("225", 500))
                    .satisfies(it -> assertThat(it.body()).contains("ZooKeeper"));
        }
        assertThat(ClickHouseHttp.post(
                        lease.handle(),
                        "",
                        "CREATE TABLE c ON CLUSTER everywhere (a Int32) ENGINE = MergeTree ORDER BY a"))
                .satisfies(it -> assertThat(it.body()).contains("everywhere"));
        assertThat(run("SELECT count() FROM system.tables WHERE database = currentDatabase()"))
                .isEqualTo("0");
    }

    private String run(String sql) throws Exception {
        var answer = ClickHouseHttp.post(lease.handle(), "", sql);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().strip();
    }
}
