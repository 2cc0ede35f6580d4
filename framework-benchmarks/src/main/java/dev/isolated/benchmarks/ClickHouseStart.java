package dev.isolated.benchmarks;

import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Endpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** What the first test with ClickHouse waits for, against what the first one with Postgres does. */
final class ClickHouseStart implements Benchmark {

    private static final List<String> MARKS = List.of(Marks.SERVER_READY, Marks.FIRST_ROW);

    @Override
    public String name() {
        return "clickhouse-start";
    }

    @Override
    public String description() {
        return "from nothing to an embedded ClickHouse's first answer by HTTP; and from main to its first row by JDBC, no server"
                + " running, and one running; against the same with Postgres";
    }

    /** The servers that stay warm go by themselves while others are started. */
    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var warm = ServersDirectory.create();
                var cold = ServersDirectory.create()) {
            compare("-warm", warm.settings(true), effort, report);
            compare("", cold.settings(false), effort, report);
        }
        compareServers(effort, report);
    }

    private void compareServers(Effort effort, Report report) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        var rounds = new Duel(effort.of(3, 1), effort.of(15, 2))
                .between(
                        new ServerStart(new PostgresService(), Map.of(), ClickHouseStart::askPostgres),
                        new ServerStart(
                                new ClickHouseService(),
                                Map.of("isolated.embedded.clickhouse", "library"),
                                it -> ClickHouseQuestion.of(client, uri(it), it.user(), it.password())
                                        .ask()));
        report.result(rounds.verdict(name() + "-first-answer", Unit.MILLIS, millis -> millis));
    }

    private static void askPostgres(Endpoint server) throws SQLException {
        String url = "jdbc:postgresql://" + server.address() + "/postgres";
        try (Connection connection = DriverManager.getConnection(
                url, server.user(), server.password().reveal())) {
            Sql.SELECT.execute(connection);
        }
    }

    private static URI uri(Endpoint server) {
        return URI.create("http://" + server.address());
    }

    /** Each main class is run in a JVM of its own; the first round, which does not count, leaves servers that stay. */
    private void compare(String variant, Map<String, String> settings, Effort effort, Report report) throws Exception {
        var rounds = new Duel(1, effort.of(15, 2))
                .between(
                        () -> Child.run(IsolatedFirstRow.class, settings),
                        () -> Child.run(ClickHouseFirstRow.class, settings));
        for (String mark : MARKS) {
            report.result(rounds.verdict(
                    name() + variant + "-" + mark, Unit.MILLIS, child -> child.millis(Marks.MAIN, mark)));
        }
    }
}
