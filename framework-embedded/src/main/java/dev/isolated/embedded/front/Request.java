package dev.isolated.embedded.front;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * What a client asks for in ClickHouse's HTTP protocol. Used by one thread.
 *
 * @param parameters those of the URL
 * @param id the query's, the client's own or a new one
 * @param body what comes with it
 */
record Request(HttpExchange exchange, Map<String, String> parameters, String id, Body body) {

    private static final Duration SESSION = Duration.ofSeconds(60);

    /** Parameters that are no settings. */
    private static final Set<String> RESERVED = Set.of(
            "query",
            "query_id",
            "database",
            "user",
            "password",
            "compress",
            "decompress",
            "session_id",
            "session_timeout",
            "session_check",
            "role",
            "wait_end_of_query",
            "buffer_size",
            "default_format",
            "quota_key",
            "stacktrace",
            "enable_http_compression",
            "client_protocol_version",
            "close_session");

    /** Requests that are only to read. */
    private static final Set<String> READING = Set.of("GET", "HEAD");

    static Request of(HttpExchange exchange, Allowance.Share share) {
        Map<String, String> parameters = new LinkedHashMap<>();
        String query = exchange.getRequestURI().getRawQuery();
        if (query != null) {
            for (String pair : query.split("&", -1)) {
                if (pair.isEmpty()) {
                    continue;
                }
                int equals = pair.indexOf('=');
                parameters.put(
                        decoded(equals < 0 ? pair : pair.substring(0, equals)),
                        equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        String id = header(exchange, "X-ClickHouse-Query-Id")
                .orElse(parameters.getOrDefault("query_id", ""))
                .replaceAll("\\p{Cntrl}", "");
        return new Request(
                exchange,
                parameters,
                id.isEmpty() ? UUID.randomUUID().toString() : id,
                new Body(exchange, is(parameters, "decompress"), share));
    }

    /** The name and the password, however they are told. */
    Map.Entry<String, String> credentials() throws EngineException {
        Headers headers = exchange.getRequestHeaders();
        String basic = headers.getFirst("Authorization");
        if (basic != null && basic.regionMatches(true, 0, "Basic ", 0, 6)) {
            return basic(basic.substring(6).strip());
        }
        String user = Optional.ofNullable(headers.getFirst("X-ClickHouse-User"))
                .orElse(parameters.getOrDefault("user", Accounts.ADMINISTRATOR));
        String password = Optional.ofNullable(headers.getFirst("X-ClickHouse-Key"))
                .orElse(parameters.getOrDefault("password", ""));
        return Map.entry(user, password);
    }

    private static Map.Entry<String, String> basic(String encoded) throws EngineException {
        try {
            String both = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = both.indexOf(':');
            return Map.entry(both.substring(0, Math.max(0, colon)), both.substring(colon + 1));
        } catch (IllegalArgumentException e) {
            throw EngineException.refused(
                    EngineException.AUTHENTICATION_FAILED, "AUTHENTICATION_FAILED", "the credentials are no Base64");
        }
    }

    /** The statement: the one of the URL, with the body as its data, or what the body begins with. */
    Statement statement() throws IOException, EngineException {
        requireKnown();
        String inUrl = parameters.getOrDefault("query", "");
        if (inUrl.isBlank()) {
            return body.statement();
        }
        Statement statement = Statement.of((inUrl + "\n").getBytes(StandardCharsets.UTF_8));
        return statement.kind() == Statement.Kind.INSERT ? statement : statement.followedBy(body.rest());
    }

    /** What ClickHouse does and this does not is refused rather than left out. */
    private void requireKnown() throws EngineException {
        String role = parameters.getOrDefault("role", "");
        if (!role.isEmpty()) {
            throw EngineException.refused(
                    EngineException.SET_NON_GRANTED_ROLE,
                    "SET_NON_GRANTED_ROLE",
                    "Role " + role + " is not granted: the embedded engine gives each user one role");
        }
        if (header(exchange, "Content-Type").orElse("").startsWith("multipart/")) {
            throw EngineException.refused(
                    EngineException.NOT_IMPLEMENTED,
                    "NOT_IMPLEMENTED",
                    "the embedded engine takes no external tables in a body of several parts");
        }
    }

    /** The data of an insert: what stands behind the statement, and then what is left of the body. */
    InputStream data(Statement statement) throws IOException, EngineException {
        return new SequenceInputStream(new ByteArrayInputStream(statement.data()), body.plain());
    }

    /** The format of a result whose statement names none. */
    String defaultFormat() {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-ClickHouse-Format"))
                .orElse(parameters.getOrDefault("default_format", "TabSeparated"));
    }

    /** The database to be in; empty for the user's own. */
    String database() {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("X-ClickHouse-Database"))
                .orElse(parameters.getOrDefault("database", ""));
    }

    /** The name of a connection that outlasts the request; empty where that is not asked for. */
    String session() {
        return parameters.getOrDefault("session_id", "");
    }

    /** How long a session stays when nobody uses it. */
    Duration sessionTime() {
        String seconds = parameters.getOrDefault("session_timeout", "");
        return seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : SESSION;
    }

    /** Whether it may change anything. */
    boolean mayChange() {
        return !READING.contains(exchange.getRequestMethod());
    }

    /** Whether a parameter is on. */
    boolean is(String parameter) {
        return is(parameters, parameter);
    }

    private static boolean is(Map<String, String> parameters, String parameter) {
        String value = parameters.getOrDefault(parameter, "0");
        return value.equals("1") || value.equals("true");
    }

    /** What is to be set before the statement: settings, and the values of its placeholders. */
    Map<String, String> settings() {
        var settings = new LinkedHashMap<>(parameters);
        settings.keySet().removeAll(RESERVED);
        return settings;
    }

    private static Optional<String> header(HttpExchange exchange, String name) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst(name)).filter(it -> !it.isEmpty());
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
