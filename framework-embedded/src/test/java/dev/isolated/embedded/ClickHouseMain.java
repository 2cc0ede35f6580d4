package dev.isolated.embedded;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.spi.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** Opens an environment with ClickHouse, makes a table and says in which database; then says how many rows it has for each byte read. */
final class ClickHouseMain {

    private ClickHouseMain() {}

    public static void main(String[] arguments) throws IOException, SQLException {
        var catalog = Catalog.found();
        var settings = catalog.settings(Map.of(), Map.of());
        PrintStream parent = System.out;
        try (var environments = new Environments(catalog, settings, new SimpleMeterRegistry());
                IsolatedEnvironment environment =
                        environments.open("OtherJvmTest.works", List.of(Request.of(ClickHouse.class)));
                Connection connection =
                        environment.get(ClickHouse.class).dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (a Int32) ENGINE = MergeTree ORDER BY a");
            statement.execute("INSERT INTO t SELECT number FROM numbers(42)");
            parent.println(environment.get(ClickHouse.class).database());
            while (System.in.read() >= 0) {
                try (ResultSet row = statement.executeQuery("SELECT count() FROM t")) {
                    row.next();
                    parent.println(row.getInt(1) + " rows");
                }
            }
        }
    }
}
