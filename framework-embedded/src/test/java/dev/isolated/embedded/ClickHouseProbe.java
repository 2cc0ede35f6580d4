package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Mischief;
import dev.isolated.contract.Probe;
import dev.isolated.spi.Server;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Uses ClickHouse as tests would. Thread-safe. */
final class ClickHouseProbe implements Probe<ClickHouse> {

    private final Server server;
    private final String mode;
    private final String registry;

    ClickHouseProbe(Server server, String mode, String registry) {
        this.server = server;
        this.mode = mode;
        this.registry = registry;
    }

    @Override
    public void put(ClickHouse handle, String key, String value) throws SQLException {
        try (Connection connection = handle.dataSource().getConnection()) {
            insert(connection, handle.table("entries"), key, value);
        }
    }

    @Override
    public Map<String, String> read(ClickHouse handle) throws SQLException {
        var entries = new HashMap<String, String>();
        try (Connection connection = handle.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            String table = handle.table("entries");
            makeTable(statement, table);
            try (ResultSet rows = statement.executeQuery("SELECT k, v FROM " + table)) {
                while (rows.next()) {
                    entries.put(rows.getString(1), rows.getString(2));
                }
            }
        }
        return entries;
    }

    @Override
    public Client client(ClickHouse handle) throws SQLException {
        Connection connection = handle.dataSource().getConnection();
        String table = handle.table("entries");
        return new Client() {
            @Override
            public void put(String key, String value) throws SQLException {
                insert(connection, table, key, value);
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }

    @Override
    public List<Mischief<ClickHouse>> mischief() {
        return mode.equals(ClickHouseService.PREFIX)
                ? new ClickHouseMischief().inASharedDatabase()
                : new ClickHouseMischief().all();
    }

    /** Has the run say that it is over, without anything of it being removed. */
    @Override
    public void crash(String run) throws SQLException {
        ClickHouseServers.asAdministrator(server, "INSERT INTO " + registry + " (run, over) VALUES ('" + run + "', 1)");
    }

    /** ClickHouse has no unique keys; code that needs them looks first. */
    private static void insert(Connection connection, String table, String key, String value) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            makeTable(statement, table);
            try (ResultSet rows = statement.executeQuery("SELECT count() FROM " + table + " WHERE k = '" + key + "'")) {
                rows.next();
                assertThat(rows.getInt(1)).as("entries with the key " + key).isZero();
            }
            statement.executeUpdate("INSERT INTO " + table + " VALUES ('" + key + "', '" + value + "')");
        }
    }

    private static void makeTable(Statement statement, String table) throws SQLException {
        statement.execute(
                "CREATE TABLE IF NOT EXISTS " + table + " (k String, v String) ENGINE = MergeTree ORDER BY k");
    }
}
