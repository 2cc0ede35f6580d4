package dev.isolated.clickhouse;

import com.clickhouse.client.api.ClientConfigProperties;
import com.clickhouse.jdbc.DataSourceImpl;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;

/**
 * One scene between the driver and a server that answers everything alike. Playing it makes the JVM load the driver, half a
 * second's work that would otherwise begin when the real server is ready.
 */
final class Rehearsal {

    private static final int OK = 200;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private static final String FORMAT = "RowBinaryWithNamesAndTypes";

    /** What the driver asks each server for. */
    private static final List<String> NAMES = List.of("user", "timezone", "version");

    private static final List<String> TYPES = List.of("String", "String", "String");
    private static final List<String> ROW = List.of("rehearsal", "UTC", "26.3.1.1");

    private Rehearsal() {}

    /** Plays the scene. */
    static void play() throws IOException, SQLException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", Rehearsal::answer);
        server.start();
        try {
            ask(Endpoint.plain("127.0.0.1", server.getAddress().getPort(), "rehearsal", Secret.random()));
        } finally {
            server.stop(0);
        }
    }

    private static void ask(Endpoint endpoint) throws IOException, SQLException {
        new HttpLine(endpoint, endpoint.user(), endpoint.password(), "").ask("SELECT it", (int) LIMIT.toMillis());
        var properties = new Properties();
        properties.setProperty(ClientConfigProperties.COMPRESS_SERVER_RESPONSE.getKey(), "false");
        properties.setProperty(
                ClientConfigProperties.SOCKET_OPERATION_TIMEOUT.getKey(), Long.toString(LIMIT.toMillis()));
        try (Connection connection =
                        new DataSourceImpl("jdbc:clickhouse://" + endpoint.address(), properties).getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT it")) {
            rows.next();
            rows.getString(1);
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            exchange.getResponseHeaders().set("X-ClickHouse-Format", FORMAT);
            exchange.getResponseHeaders().set("X-ClickHouse-Timezone", "UTC");
            byte[] rows = rows();
            exchange.sendResponseHeaders(OK, rows.length);
            exchange.getResponseBody().write(rows);
        }
    }

    private static byte[] rows() {
        var out = new ByteArrayOutputStream();
        out.write(NAMES.size());
        for (List<String> strings : List.of(NAMES, TYPES, ROW)) {
            for (String string : strings) {
                out.write(string.length());
                out.writeBytes(string.getBytes(StandardCharsets.US_ASCII));
            }
        }
        return out.toByteArray();
    }
}
