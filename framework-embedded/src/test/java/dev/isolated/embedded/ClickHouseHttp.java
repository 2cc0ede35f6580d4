package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.clickhouse.ClickHouse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Consumer;

/** Asks a ClickHouse by HTTP alone. Stateless. */
final class ClickHouseHttp {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private ClickHouseHttp() {}

    /** As a test's user in its database, with more parameters in the URL. */
    static HttpResponse<String> post(ClickHouse handle, String parameters, String body)
            throws IOException, InterruptedException {
        return HTTP.send(request(handle, parameters, body), HttpResponse.BodyHandlers.ofString());
    }

    static HttpRequest request(ClickHouse handle, String parameters, String body) {
        return request(
                handle.endpoint().getAuthority(),
                "database=" + handle.database() + parameters,
                body,
                handle.user(),
                handle.password().reveal());
    }

    static HttpRequest request(String address, String parameters, String body, String user, String password) {
        return HttpRequest.newBuilder(URI.create("http://" + address + "/?" + parameters.replaceFirst("^&", "")))
                .header("X-ClickHouse-User", user)
                .header("X-ClickHouse-Key", password)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    /** An answer with that number of ClickHouse's, and that status. */
    static Consumer<HttpResponse<String>> refusal(String code, int status) {
        return answer -> {
            assertThat(answer.headers().firstValue("X-ClickHouse-Exception-Code"))
                    .contains(code);
            assertThat(answer.statusCode()).isEqualTo(status);
            assertThat(answer.body()).startsWith("Code: " + code + ". DB::Exception: ");
        };
    }
}
