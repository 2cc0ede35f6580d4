package dev.isolated.benchmarks;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.Statement;

/** What an environment with ClickHouse costs a test, against what a test would do by hand; and the engine's memory after many. */
final class EnvironmentClickHouse implements Benchmark {

    private static final int PARTS = 4;

    @Override
    public String name() {
        return "environment-clickhouse";
    }

    @Override
    public String description() {
        return "an environment with ClickHouse opened and closed; against CREATE and DROP DATABASE on a kept connection";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var arena = new ClickHouseArena(8);
                IsolatedEnvironment bare = arena.open()) {
            ClickHouse handle = bare.get(ClickHouse.class);
            try (Connection connection = handle.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                report.result(new Duel(effort.of(300, 10), effort.of(1_000, 20))
                        .between(
                                Side.micros(1, () -> makeAndDrop(statement, handle.database() + "_beside")),
                                Side.micros(1, () -> arena.open().close()))
                        .verdict(name(), Unit.MICROS, it -> it));
            }
            ProcessHandle engine = arena.process(handle);
            report.line("resident memory of the engine's process: " + ClickHouseArena.resident(engine) + " MB");
            int cycles = effort.of(5_000, 50);
            for (int part = 1; part <= PARTS; part++) {
                for (int i = 0; i < cycles; i++) {
                    arena.open().close();
                }
                report.line(
                        "after " + part * cycles + " environments more: " + ClickHouseArena.resident(engine) + " MB");
            }
        }
    }

    private static void makeAndDrop(Statement statement, String database) throws Exception {
        statement.execute("CREATE DATABASE " + database);
        statement.execute("DROP DATABASE " + database + " SYNC");
    }
}
