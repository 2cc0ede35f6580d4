package dev.isolated.benchmarks;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.environment.IsolatedEnvironment;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What the HTTP in front of the embedded ClickHouse costs each statement, against the engine called in its own process. */
final class ClickHouseFront implements Benchmark {

    @Override
    public String name() {
        return "clickhouse-front";
    }

    @Override
    public String description() {
        return "SELECT 1 through HTTP, by the JDK's client and by ClickHouse's JDBC driver; against the same engine called in its own process";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var arena = new ClickHouseArena(1);
                IsolatedEnvironment environment = arena.open()) {
            ClickHouse handle = environment.get(ClickHouse.class);
            int times = effort.of(50, 10);
            var duel = new Duel(effort.of(60, 2), effort.of(200, 4));
            var question = ClickHouseQuestion.of(
                    HttpClient.newHttpClient(), handle.endpoint(), handle.user(), handle.password());
            try (var engine = EngineProcess.asking(arena.library(handle), ClickHouseQuestion.SQL, times);
                    Connection connection = handle.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                report.result(
                        duel.between(engine, Side.micros(times, question::ask)).verdict(name(), Unit.MICROS, it -> it));
                report.result(duel.between(engine, Side.micros(times, () -> ask(statement)))
                        .verdict(name() + "-jdbc", Unit.MICROS, it -> it));
            }
        }
    }

    private static void ask(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery(ClickHouseQuestion.SQL)) {
            ClickHouseQuestion.requireOne(row.next() ? row.getString(1) : "no row");
        }
    }
}
