package dev.isolated.benchmarks;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;

/** What the HTTP in front of the embedded ClickHouse costs each statement, against the engine called in its own process. */
final class ClickHouseFront implements Benchmark {

    private static final String SQL = "SELECT 1";

    @Override
    public String name() {
        return "clickhouse-front";
    }

    @Override
    public String description() {
        return "SELECT 1 by ClickHouse's JDBC driver through HTTP; against the same engine called in its own process";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var arena = new ClickHouseArena(1);
                IsolatedEnvironment environment = arena.open()) {
            ClickHouse handle = environment.get(ClickHouse.class);
            int times = effort.of(50, 10);
            try (var engine = EngineProcess.asking(arena.library(handle), SQL, times);
                    Connection connection = handle.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                report.result(new Duel(effort.of(60, 2), effort.of(200, 4))
                        .between(engine, Side.micros(times, () -> ask(statement)))
                        .verdict(name(), Unit.MICROS, it -> it));
            }
        }
    }

    private static void ask(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery(SQL)) {
            if (!row.next() || row.getInt(1) != 1) {
                throw new BenchmarkFailure(SQL + " did not give 1");
            }
        }
    }
}
