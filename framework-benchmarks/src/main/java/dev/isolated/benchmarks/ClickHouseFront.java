package dev.isolated.benchmarks;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.environment.IsolatedEnvironment;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
        return "SELECT 1 through HTTP, by the JDK's client and by ClickHouse's JDBC driver; against the same engine called in its own process";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var arena = new ClickHouseArena(1);
                IsolatedEnvironment environment = arena.open()) {
            ClickHouse handle = environment.get(ClickHouse.class);
            int times = effort.of(50, 10);
            var duel = new Duel(effort.of(60, 2), effort.of(200, 4));
            HttpClient client = HttpClient.newHttpClient();
            HttpRequest request = request(handle);
            try (var engine = EngineProcess.asking(arena.library(handle), SQL, times);
                    Connection connection = handle.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                report.result(duel.between(engine, Side.micros(times, () -> ask(client, request)))
                        .verdict(name(), Unit.MICROS, it -> it));
                report.result(duel.between(engine, Side.micros(times, () -> ask(statement)))
                        .verdict(name() + "-jdbc", Unit.MICROS, it -> it));
            }
        }
    }

    private static HttpRequest request(ClickHouse handle) {
        return HttpRequest.newBuilder(handle.endpoint())
                .header("X-ClickHouse-User", handle.user())
                .header("X-ClickHouse-Key", handle.password().reveal())
                .header("X-ClickHouse-Format", "TSV")
                .POST(HttpRequest.BodyPublishers.ofString(SQL))
                .build();
    }

    private static void ask(HttpClient client, HttpRequest request) throws Exception {
        requireOne(client.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .strip());
    }

    private static void ask(Statement statement) throws Exception {
        try (ResultSet row = statement.executeQuery(SQL)) {
            requireOne(row.next() ? row.getString(1) : "no row");
        }
    }

    private static void requireOne(String answer) {
        if (!answer.equals("1")) {
            throw new BenchmarkFailure(SQL + " gives " + answer);
        }
    }
}
