package dev.isolated.clickhouse;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/** What is done on a server as its administrator. Thread-safe. */
final class ClickHouseAdmin {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Server server;
    private final HttpLine line;
    private final Beside beside = new Beside(this);

    ClickHouseAdmin(Server server) {
        this.server = server;
        Endpoint endpoint = server.endpoint();
        if (endpoint.tls() != Tls.OFF) {
            throw new IsolationException(Explanation.couldNot("connect to " + server.describe())
                    .expected("a server that is reached without encryption, as far as this version of the library goes")
                    .found("isolated.clickhouse.tls = " + endpoint.tls())
                    .next("have the server listen for HTTP, too, and set its port with isolated.clickhouse.port"));
        }
        line = new HttpLine(endpoint, endpoint.user(), endpoint.password(), "");
    }

    Server server() {
        return server;
    }

    /** What it grants to tests beside their own tables. */
    Beside beside() {
        return beside;
    }

    String version() {
        return ask("connect as the administrator " + server.endpoint().user(), "SELECT version()");
    }

    /** Runs a statement for its effect. */
    void run(String task, String sql) {
        var unused = ask(task, sql);
    }

    /** The rows of an answer. */
    List<String> rows(String task, String sql) {
        return ask(task, sql).lines().toList();
    }

    /** The first column, whatever the names in it are like: asked for in hexadecimal digits, which have nothing to escape. */
    List<String> names(String task, String column, String rest) {
        return names(task, column, rest, PATIENCE);
    }

    /** The same, within a limit. */
    List<String> names(String task, String column, String rest, Duration limit) {
        return ask(task, "SELECT hex(" + column + ") " + rest, limit)
                .lines()
                .map(name -> new String(HexFormat.of().parseHex(name), StandardCharsets.UTF_8))
                .toList();
    }

    /** What the server answers, stripped. */
    String ask(String task, String sql) {
        return ask(task, sql, PATIENCE);
    }

    /** The same, within a limit. */
    String ask(String task, String sql, Duration limit) {
        try {
            return line.ask(sql, (int) Math.min(Integer.MAX_VALUE, limit.toMillis()));
        } catch (HttpLine.RefusedException e) {
            throw new IsolationException(
                    Explanation.couldNot(task + " on " + server.describe())
                            .expected("the server to let " + server.endpoint().user() + " do it")
                            .found(String.valueOf(e.getMessage()))
                            .next(
                                    "check isolated.clickhouse.user and isolated.clickhouse.password, and grant that user what"
                                            + " docs/clickhouse.md lists; where it may make no databases, set"
                                            + " isolated.clickhouse.mode = prefix"),
                    e);
        } catch (IOException e) {
            throw new IsolationException(
                    Explanation.couldNot(task + " on " + server.describe())
                            .expected("an answer within " + limit.toMillis() + " ms")
                            .found(e.toString())
                            .next("see whether the server is up, in its log"),
                    e);
        }
    }
}
