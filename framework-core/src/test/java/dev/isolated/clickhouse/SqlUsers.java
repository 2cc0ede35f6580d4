package dev.isolated.clickhouse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a ClickHouse server with users of its own says to the statements about users and databases that the library sends: a
 * user stays as long as there is a view whose definer it is. Thread-safe.
 */
final class SqlUsers implements AutoCloseable {

    private static final Pattern CREATE_DATABASE = Pattern.compile("CREATE DATABASE (\\w+) COMMENT '(.*)'");
    private static final Pattern BEGINNING = Pattern.compile("startsWith\\(name, '(\\w+)'\\)");
    private static final Pattern BUT_NOT = Pattern.compile("name != '(\\w*)'");
    private static final Pattern NAME = Pattern.compile("(?:DATABASE|USER)(?: IF EXISTS)? `?(\\w+)");
    private static final int OK = 200;
    private static final int ERROR = 500;

    final Set<String> users = new TreeSet<>();
    final Set<String> databases = new TreeSet<>();
    final Set<String> marks = new TreeSet<>();
    final List<String> asked = new ArrayList<>();

    /** Databases with views. */
    final Set<String> viewed = new CopyOnWriteArraySet<>();

    /** What the registry says of runs. */
    String runs = "";

    Predicate<String> denied = sql -> false;

    /** Whether there is room for no user more. */
    boolean full;

    private final HttpServer http;

    SqlUsers() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    Server server() {
        Endpoint endpoint = Endpoint.plain(
                http.getAddress().getAddress().getHostAddress(),
                http.getAddress().getPort(),
                "default",
                Secret.of("secret"));
        return new Server("clickhouse", "test", "26.3", endpoint, Tenure.FOREIGN, Hold.NONE);
    }

    synchronized boolean has(String database) {
        return databases.contains(database);
    }

    @Override
    public void close() {
        http.stop(0);
    }

    private synchronized void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String sql = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.add(sql);
            String said = denied.test(sql) ? "Code: 497. DB::Exception: denied (ACCESS_DENIED)" : said(sql);
            byte[] bytes = said.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(said.startsWith("Code: ") ? ERROR : OK, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String said(String sql) {
        Matcher named = NAME.matcher(sql);
        String name = named.find() ? named.group(1) : "";
        Matcher created = CREATE_DATABASE.matcher(sql);
        if (created.matches()) {
            databases.add(name);
            marks.add(name + "\t" + created.group(2));
        } else if (sql.startsWith("DROP DATABASE")) {
            databases.remove(name);
            viewed.remove(name);
            marks.removeIf(mark -> mark.startsWith(name + "\t"));
        } else if (sql.startsWith("CREATE USER")) {
            if (full) {
                return "Code: 499. DB::Exception: all are taken (ACCESS_STORAGE_FOR_INSERTION_NOT_FOUND)";
            }
            users.add(name);
        } else if (sql.startsWith("DROP USER")) {
            if (viewed.stream().anyMatch(database -> database.startsWith(name + "_"))) {
                return "Code: 668. DB::Exception: User " + name + " is the definer of views (HAVE_DEPENDENT_OBJECTS)";
            }
            users.remove(name);
        } else if (sql.contains("FROM system.users")) {
            return lines(users);
        } else if (sql.startsWith("SELECT name FROM system.databases WHERE name = ")) {
            return "default";
        } else if (sql.startsWith("SELECT name, comment FROM system.databases")) {
            return lines(marks);
        } else if (sql.contains("FROM system.databases WHERE startsWith")) {
            return lines(databases.stream()
                    .filter(it -> it.startsWith(found(BEGINNING, sql)) && !it.equals(found(BUT_NOT, sql)))
                    .map(it -> HexFormat.of().formatHex(it.getBytes(StandardCharsets.UTF_8)))
                    .collect(Collectors.toCollection(TreeSet::new)));
        } else if (sql.startsWith("SELECT run,")) {
            return runs;
        }
        return "";
    }

    private static String found(Pattern pattern, String sql) {
        Matcher matcher = pattern.matcher(sql);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String lines(Set<String> rows) {
        return String.join("\n", rows);
    }
}
