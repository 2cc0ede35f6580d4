package dev.isolated.benchmarks;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Request;
import java.util.List;
import java.util.Map;

/** Opens one environment and reads one row. The subject of {@link ClickHouseStart}. */
final class ClickHouseFirstRow {

    private ClickHouseFirstRow() {}

    public static void main(String[] arguments) throws Exception {
        Marks.begin();
        var catalog = Catalog.found();
        // Whatever is on the path.
        var engine = Map.of(
                Keys.source("clickhouse").name(), BenchmarkSource.NAME, "isolated.embedded.clickhouse", "library");
        var settings = catalog.settings(engine, Map.of());
        try (var environments = new Environments(catalog, settings);
                var environment = environments.open("first", List.of(Request.of(ClickHouse.class)));
                var connection = environment.get(ClickHouse.class).dataSource().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("SELECT 1")) {
            if (!row.next()) {
                throw new BenchmarkFailure("no row");
            }
            Marks.mark(Marks.FIRST_ROW);
        }
    }
}
