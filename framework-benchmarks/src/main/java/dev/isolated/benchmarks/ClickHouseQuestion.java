package dev.isolated.benchmarks;

import dev.isolated.settings.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** {@code SELECT 1}, asked of a ClickHouse by the JDK's HTTP client. Thread-safe. */
record ClickHouseQuestion(HttpClient client, HttpRequest request) {

    static final String SQL = "SELECT 1";

    static ClickHouseQuestion of(HttpClient client, URI server, String user, Secret password) {
        return new ClickHouseQuestion(
                client,
                HttpRequest.newBuilder(server)
                        .header("X-ClickHouse-User", user)
                        .header("X-ClickHouse-Key", password.reveal())
                        .header("X-ClickHouse-Format", "TSV")
                        .POST(HttpRequest.BodyPublishers.ofString(SQL))
                        .build());
    }

    void ask() throws IOException, InterruptedException {
        requireOne(client.send(request, HttpResponse.BodyHandlers.ofString())
                .body()
                .strip());
    }

    /** The right answer to it. */
    static void requireOne(String answer) {
        if (!answer.equals("1")) {
            throw new BenchmarkFailure(SQL + " gives " + answer);
        }
    }

    /** The password is in the request. */
    @Override
    public String toString() {
        return SQL + " at " + request.uri();
    }
}
