package dev.isolated.benchmarks;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.postgres.Postgres;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Request;
import java.util.List;
import java.util.Map;

/** Opens one environment and reads one row. The subject of {@link ColdStart}. */
final class IsolatedFirstRow {

    private IsolatedFirstRow() {}

    public static void main(String[] arguments) throws Exception {
        Marks.begin();
        var catalog = Catalog.found();
        var settings = catalog.settings(Map.of(Keys.source("postgres").name(), BenchmarkSource.NAME), Map.of());
        try (var environments = new Environments(catalog, settings);
                var environment = environments.open("first", List.of(Request.of(Postgres.class)));
                var connection = environment.get(Postgres.class).connection()) {
            Sql.SELECT.execute(connection);
            Marks.mark(Marks.FIRST_ROW);
        }
    }
}
