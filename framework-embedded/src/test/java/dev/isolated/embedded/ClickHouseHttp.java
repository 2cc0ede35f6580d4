package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.clickhouse.ClickHouse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Consumer;

/** Speaks ClickHouse's HTTP protocol as somebody. Immutable. */
record ClickHouseHttp(URI server, String user, String password, String database) {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** As a test, in its database. */
    static ClickHouseHttp of(ClickHouse handle) {
        return new ClickHouseHttp(
                handle.endpoint(), handle.user(), handle.password().reveal(), handle.database());
    }

    /** An answer in ClickHouse's form. */
    static Consumer<HttpResponse<String>> refusal(String code, int status) {
        return answer -> {
            assertThat(answer.body()).startsWith("Code: " + code + ". DB::Exception: ");
            assertThat(answer.headers().firstValue("X-ClickHouse-Exception-Code"))
                    .contains(code);
            assertThat(answer.statusCode()).isEqualTo(status);
        };
    }

    HttpResponse<String> post(String parameters, String body) throws IOException, InterruptedException {
        return send(request(parameters).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    /** With parameters that begin with an ampersand. */
    HttpRequest.Builder request(String parameters) {
        return HttpRequest.newBuilder(server.resolve("/?database=" + database + parameters))
                .header("X-ClickHouse-User", user)
                .header("X-ClickHouse-Key", password);
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
