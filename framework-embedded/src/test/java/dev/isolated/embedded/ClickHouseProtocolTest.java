package dev.isolated.embedded;

import static dev.isolated.embedded.ClickHouseHttp.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client can tell a real ClickHouse by, the embedded engine does, too. */
@Timeout(120)
class ClickHouseProtocolTest extends ClickHouseLeased {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void manyRowsInOneArrayAreOneArray() throws Exception {
        String body = post(
                        "&output_format_json_array_of_rows=1", "SELECT number FROM numbers(200000) FORMAT JSONEachRow")
                .body();
        assertThat(body.chars().filter(it -> it == '[').count()).isEqualTo(1);
        assertThat(body.strip()).endsWith("{\"number\":199999}\n]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT * FROM missing|60|404",
                "SELECT nothing|47|404",
                "SELECT CAST('x' AS NoType)|50|404",
                "SELECT 1 FORMAT NoFormat|73|404",
                "SELECT toUInt8('x')|6|400",
                "SELECT 'a' + 1|43|500",
                "SELECT plus(1)|42|500",
                "SELECT missing_function(1)|46|404",
                "SELEC 1|62|400"
            })
    void anErrorHasTheStatusThatClickHouseGivesIt(String sql, String code, int status) throws Exception {
        assertThat(post("", sql)).satisfies(refusal(code, status));
    }

    @Test
    void whatIsNotDoneIsRefused() throws Exception {
        assertThat(post("&role=auditor", "SELECT 1")).satisfies(refusal("512", 403));
        assertThat(send(request("")
                        .header("Content-Type", "multipart/form-data; boundary=x")
                        .POST(HttpRequest.BodyPublishers.ofString("--x--"))))
                .satisfies(refusal("48", 501));
    }

    @Test
    void aQueryHasTheNameThatItsClientGivesIt() throws Exception {
        assertThat(id("&query_id=named", "")).isEqualTo("named");
        assertThat(id("&query_id=two%0D%0Alines", "")).isEqualTo("twolines");
        assertThat(id("&query_id=other", "by header")).isEqualTo("by header");
    }

    @Test
    void theHeadersDatabaseIsTheOne() throws Exception {
        HttpResponse<String> answer = send(request("&database=system")
                .header("X-ClickHouse-Database", lease.handle().database())
                .POST(HttpRequest.BodyPublishers.ofString("SELECT currentDatabase()")));
        assertThat(answer.body().strip()).isEqualTo(lease.handle().database());
    }

    @Test
    void aSessionIsCheckedForAndClosed() throws Exception {
        assertThat(post("&session_id=c&session_check=1", "SELECT 1")).satisfies(refusal("372", 500));
        post("&session_id=c", "CREATE TEMPORARY TABLE kept (a Int32)");
        assertThat(post("&session_id=c&session_check=1&close_session=1", "SELECT count() FROM kept")
                        .body())
                .isEqualTo("0\n");
        assertThat(post("&session_id=c", "SELECT count() FROM kept")).satisfies(refusal("60", 404));
    }

    private String id(String parameters, String header) throws Exception {
        HttpRequest.Builder request = request(parameters).POST(HttpRequest.BodyPublishers.ofString("SELECT 1"));
        if (!header.isEmpty()) {
            request.header("X-ClickHouse-Query-Id", header);
        }
        return send(request).headers().firstValue("X-ClickHouse-Query-Id").orElseThrow();
    }

    private HttpResponse<String> post(String parameters, String body) throws IOException, InterruptedException {
        return ClickHouseHttp.post(lease.handle(), parameters, body);
    }

    /** With the same credentials, and what else is added to it. */
    private HttpRequest.Builder request(String parameters) {
        return HttpRequest.newBuilder(ClickHouseHttp.request(lease.handle(), parameters, ""), (name, value) -> true);
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
