package dev.isolated.clickhouse;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Sends statements to a server, each in a request of its own, as one user in one database; connections are kept by the JDK.
 * Thread-safe.
 *
 * @param database empty for the user's own
 */
record HttpLine(Endpoint endpoint, String user, Secret password, String database) {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int OK = 200;

    /** A statement was refused. */
    static final class RefusedException extends IOException {

        /** ClickHouse's numbers of reasons. */
        static final int STORAGE_READ_ONLY = 495;

        static final int DENIED = 497;

        static final int TOO_MANY_USERS = 499;

        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }

        /** Whether that is why something failed. */
        static boolean refused(RuntimeException failure, int code) {
            return failure.getCause() instanceof RefusedException refusal
                    && String.valueOf(refusal.getMessage()).startsWith("Code: " + code + ".");
        }
    }

    /** What the server answers to a statement, stripped. */
    String ask(String sql, int limitMillis) throws IOException {
        String query = database.isEmpty() ? "" : "?database=" + URLEncoder.encode(database, StandardCharsets.UTF_8);
        var connection = (HttpURLConnection)
                URI.create("http://" + endpoint.address() + "/" + query).toURL().openConnection();
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(limitMillis);
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        byte[] credentials = (user + ":" + password.reveal()).getBytes(StandardCharsets.UTF_8);
        connection.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        byte[] body = sql.getBytes(StandardCharsets.UTF_8);
        connection.setFixedLengthStreamingMode(body.length);
        try (var out = connection.getOutputStream()) {
            out.write(body);
        }
        boolean ok = connection.getResponseCode() == OK;
        // A stream that is read to its end gives the connection back.
        try (InputStream in = ok ? connection.getInputStream() : connection.getErrorStream()) {
            String said = in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
            if (!ok) {
                throw new RefusedException(said);
            }
            return said;
        }
    }
}
