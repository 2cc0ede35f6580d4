package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.contract.Mischief;
import dev.isolated.contract.Mischief.Deed;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** What tests do to a ClickHouse, and leave behind. */
final class ClickHouseMischief {

    List<Mischief<ClickHouse>> all() {
        return List.of(
                Mischief.again("tables of many engines", ClickHouseMischief::makeTables),
                Mischief.again(
                        "dropping its own database",
                        sql((handle, statement) -> statement.execute("DROP DATABASE " + handle.database()))),
                Mischief.again("databases beside its own", sql(ClickHouseMischief::makeNeighbour)),
                Mischief.again("names that have to be quoted", sql(ClickHouseMischief::makeOddNames)),
                Mischief.again("a query that goes on", ClickHouseMischief::leaveRunning),
                Mischief.again("many open connections", ClickHouseMischief::openMany));
    }

    /** The same where they have tables of one database. */
    List<Mischief<ClickHouse>> inASharedDatabase() {
        return List.of(
                Mischief.again("tables of many engines", ClickHouseMischief::makeTables),
                Mischief.again("a dictionary that a table needs", sql(ClickHouseMischief::makeDictionary)),
                Mischief.again("names that have to be quoted", sql(ClickHouseMischief::makeOddTable)),
                Mischief.again("a query that goes on", ClickHouseMischief::leaveRunning),
                Mischief.again("many open connections", ClickHouseMischief::openMany));
    }

    private static void makeDictionary(ClickHouse handle, Statement statement) throws SQLException {
        String dictionary = handle.database() + "." + handle.table("names");
        statement.execute("CREATE DICTIONARY " + dictionary
                + " (id UInt64, v String) PRIMARY KEY id SOURCE(NULL()) LAYOUT(FLAT()) LIFETIME(0)");
        statement.execute("CREATE TABLE " + handle.table("named") + " (id UInt64, v String DEFAULT dictGet('"
                + dictionary + "', 'v', id)) ENGINE = MergeTree ORDER BY id");
        statement.execute("INSERT INTO " + handle.table("named") + " (id) VALUES (1)");
    }

    private interface Use {
        void with(ClickHouse handle, Statement statement) throws SQLException;
    }

    private static Deed<ClickHouse> sql(Use use) {
        return handle -> {
            try (Connection connection = handle.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                use.with(handle, statement);
            }
        };
    }

    private static void makeTables(ClickHouse handle) throws Exception {
        sql((own, statement) -> {
                    String kept = own.table("kept");
                    String sums = own.table("sums");
                    statement.execute("CREATE TABLE " + kept + " (a Int32) ENGINE = MergeTree ORDER BY a");
                    statement.execute("CREATE TABLE " + own.table("latest")
                            + " (a Int32, v Int32) ENGINE = ReplacingMergeTree(v) ORDER BY a");
                    statement.execute("CREATE TABLE " + own.table("memory") + " (a Int32) ENGINE = Memory");
                    statement.execute("CREATE MATERIALIZED VIEW " + sums + " ENGINE = SummingMergeTree ORDER BY a"
                            + " AS SELECT a, count() AS n FROM " + kept + " GROUP BY a");
                    statement.execute("INSERT INTO " + kept + " SELECT number % 10 FROM numbers(10000)");
                    try (var rows = statement.executeQuery("SELECT sum(n) FROM " + sums)) {
                        rows.next();
                        assertThat(rows.getInt(1)).isEqualTo(10_000);
                    }
                })
                .on(handle);
    }

    /** Where it may make any at all, they go with it. */
    private static void makeNeighbour(ClickHouse handle, Statement statement) throws SQLException {
        String beside = handle.database() + "_beside";
        statement.execute("CREATE DATABASE " + beside);
        statement.execute("CREATE TABLE " + beside + ".t (a Int32) ENGINE = MergeTree ORDER BY a");
        assertThatThrownBy(() -> statement.execute("CREATE DATABASE somewhere_else"))
                .hasMessageContaining("ACCESS_DENIED");
    }

    private static void makeOddNames(ClickHouse handle, Statement statement) throws SQLException {
        statement.execute("CREATE DATABASE `" + handle.database() + "_o'd\\`d\\n\\\\`");
        makeOddTable(handle, statement);
    }

    private static void makeOddTable(ClickHouse handle, Statement statement) throws SQLException {
        statement.execute(
                "CREATE TABLE `" + handle.table("o'd\\`d\\n\\\\") + "` (a Int32) ENGINE = MergeTree ORDER BY a");
    }

    /** One that the engine has begun. */
    @SuppressWarnings("resource")
    private static void leaveRunning(ClickHouse handle) throws SQLException {
        Connection connection = handle.dataSource().getConnection();
        String name = "of_" + handle.database() + "_" + handle.table("endless");
        var thread = new Thread(
                () -> assertThatThrownBy(() -> connection
                                .createStatement()
                                .executeQuery("SELECT sum(sleepEachRow(1)) AS " + name
                                        + " FROM numbers(100) SETTINGS max_block_size = 1,"
                                        + " function_sleep_max_microseconds_per_block = 200000000"))
                        .isNotNull(),
                "a query that goes on");
        thread.setDaemon(true);
        thread.start();
        await().until(() -> isRunning(handle, name));
    }

    private static boolean isRunning(ClickHouse handle, String name) throws SQLException {
        try (Connection connection = handle.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count() FROM system.processes WHERE query LIKE '%AS "
                        + name + " FROM%' AND query NOT LIKE '%processes%'")) {
            rows.next();
            return rows.getInt(1) == 1;
        }
    }

    @SuppressWarnings("resource")
    private static void openMany(ClickHouse handle) throws SQLException {
        for (int i = 0; i < 20; i++) {
            Connection connection = handle.dataSource().getConnection();
            assertThat(connection.createStatement().execute("SELECT 1")).isTrue();
        }
    }
}
