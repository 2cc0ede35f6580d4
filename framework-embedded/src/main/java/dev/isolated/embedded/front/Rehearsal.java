package dev.isolated.embedded.front;

import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/**
 * What the first clients of a front ask for, asked by itself: so that an archive of its classes, which a JVM writes when it
 * ends, has those of a request, too. Stateless.
 */
final class Rehearsal {

    /** The first user's own. */
    private static final String DATABASE = Accounts.role(0) + "_rehearsal";

    private static final List<String> STATEMENTS = List.of(
            "SELECT version()",
            "CREATE USER rehearsal IDENTIFIED WITH sha256_hash BY '" + Accounts.hash("rehearsal") + "'",
            "CREATE DATABASE " + DATABASE,
            "GRANT ALL ON " + DATABASE + ".* TO rehearsal");

    private Rehearsal() {}

    /** Asks a front, in which nobody else is, as its administrator. */
    static void play(InetSocketAddress front, Accounts accounts) throws IOException, EngineException {
        String password = UUID.randomUUID().toString();
        var unused = accounts.change(Accounts.ADMINISTRATOR, Accounts.hash(password));
        for (String statement : STATEMENTS) {
            ask(front, password, statement);
        }
    }

    private static void ask(InetSocketAddress front, String password, String statement) throws IOException {
        // As the JDBC driver does, which wants its answers compressed.
        URI address = URI.create("http://127.0.0.1:" + front.getPort() + "/?compress=1");
        var connection = (HttpURLConnection) address.toURL().openConnection();
        connection.setDoOutput(true);
        byte[] credentials = (Accounts.ADMINISTRATOR + ":" + password).getBytes(StandardCharsets.US_ASCII);
        connection.setRequestProperty(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
        connection.setRequestProperty("X-ClickHouse-Format", "RowBinaryWithNamesAndTypes");
        try (OutputStream body = connection.getOutputStream()) {
            body.write(statement.getBytes(StandardCharsets.US_ASCII));
        }
        try (var answer = connection.getInputStream()) {
            answer.transferTo(OutputStream.nullOutputStream());
        }
    }
}
