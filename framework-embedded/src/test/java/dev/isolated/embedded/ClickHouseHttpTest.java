package dev.isolated.embedded;

import static dev.isolated.embedded.ClickHouseHttp.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** The embedded engine's HTTP protocol, as clients in other languages use it. */
class ClickHouseHttpTest extends ClickHouseLeased {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Test
    void aPingNeedsNoPassword() throws Exception {
        HttpResponse<String> pong = HTTP.send(
                HttpRequest.newBuilder(lease.handle().endpoint().resolve("/ping"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(pong.statusCode()).isEqualTo(200);
        assertThat(pong.body()).isEqualTo("Ok.\n");
    }

    @Test
    void aWrongPasswordIsRefusedAndSoIsThatOfAnEarlierTest() throws Exception {
        String earlier = lease.handle().password().reveal();
        String user = lease.handle().user();
        assertThat(post("", "SELECT 1", user, "guessed")).satisfies(refusal("516", 403));
        assertThat(post("", "SELECT 1", user, "")).satisfies(refusal("516", 403));
        assertThat(post("", "SELECT 1", user, earlier).body()).isEqualTo("1\n");
        lease.close();
        bench.awaitRest();
        assertThat(post("", "SELECT 1", user, earlier)).satisfies(refusal("516", 403));
        lease = bench.pool().lease("the next test");
        assertThat(lease.handle().password().reveal()).isNotEqualTo(earlier);
    }

    @Test
    void oneRequestIsOneStatement() throws Exception {
        assertThat(post("", "SELECT 1; SELECT 2")).satisfies(refusal("62", 400));
        assertThat(post("", "SELECT 1;").body()).isEqualTo("1\n");
        for (String flush : new String[] {"SYSTEM FLUSH LOGS", "SYSTEM FLUSH ASYNC INSERT QUEUE"}) {
            assertThat(post("", flush + "; DROP TABLE t")).satisfies(refusal("62", 400));
            assertThat(post("", flush + "; -- nothing").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void whatAServerRefusesByItselfTheEngineRefuses() throws Exception {
        assertThat(post("", "1 + 1")).satisfies(refusal("62", 400));
        assertThat(post("", "SELECT demangle('x')")).satisfies(refusal("497", 403));
    }

    @Test
    void dataComesInTheUrlsStatementsFormat() throws Exception {
        post("", "CREATE TABLE t (a Int32, b String) ENGINE = MergeTree ORDER BY a");
        HttpResponse<String> inserted = post("&query=INSERT%20INTO%20t%20FORMAT%20CSV", "1,\"one\n\nline\"\n2,two\n");
        assertThat(inserted.headers().firstValue("X-ClickHouse-Summary"))
                .get()
                .asString()
                .contains("\"written_rows\":\"2\"");
        assertThat(post("", "INSERT INTO t FORMAT JSONEachRow {\"a\": 3, \"b\": \"three\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("", "INSERT INTO t VALUES (4, 'it''s four')").statusCode())
                .isEqualTo(200);
        assertThat(post("", "SELECT a, b FROM t ORDER BY a FORMAT CSV").body())
                .isEqualTo("1,\"one\n\nline\"\n2,\"two\"\n3,\"three\"\n4,\"it's four\"\n");
    }

    @Test
    void whatCannotBeReadIsAnsweredInClickHousesForm() throws Exception {
        String insert = "&query=INSERT%20INTO%20FUNCTION%20null('a%20Int32')%20FORMAT%20CSV";
        assertThat(post(insert + "&decompress=1", "this is no compressed frame, but it is long enough"))
                .satisfies(refusal("271", 500));
        assertThat(post("&decompress=1", "short")).satisfies(refusal("271", 500));
        HttpRequest noGzip = HttpRequest.newBuilder(
                        request(
                                "",
                                "SELECT 1",
                                lease.handle().user(),
                                lease.handle().password().reveal()),
                        (name, value) -> true)
                .header("Content-Encoding", "gzip")
                .build();
        assertThat(HTTP.send(noGzip, HttpResponse.BodyHandlers.ofString())).satisfies(refusal("33", 500));
    }

    @Test
    void compressedWithGzipIsUnderstoodAndAnswered() throws Exception {
        var packed = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(packed)) {
            gzip.write("SELECT number FROM numbers(100000)".getBytes(StandardCharsets.UTF_8));
        }
        HttpRequest request = HttpRequest.newBuilder(
                        request(
                                "enable_http_compression=1",
                                "",
                                lease.handle().user(),
                                lease.handle().password().reveal()),
                        (name, value) -> true)
                .header("Content-Encoding", "gzip")
                .header("Accept-Encoding", "gzip")
                .POST(HttpRequest.BodyPublishers.ofByteArray(packed.toByteArray()))
                .build();
        HttpResponse<InputStream> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
        try (var plain = new GZIPInputStream(answer.body())) {
            assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .hasSize(100_000);
        }
    }

    @Test
    void anUrlWithoutParametersIsAnswered() throws Exception {
        assertThat(post(
                                "",
                                "SELECT 1",
                                lease.handle().user(),
                                lease.handle().password().reveal())
                        .body())
                .isEqualTo("1\n");
    }

    @Test
    void settingsAndParametersAreOfTheirRequestAlone() throws Exception {
        assertThat(post(
                                "&max_threads=3&param_who=a%27b",
                                "SELECT getSetting('max_threads'), {who:String} FORMAT RawBLOB")
                        .body())
                .endsWith("a'b");
        assertThat(post("&max_threads=3", "SELECT getSetting('max_threads')").body())
                .isEqualTo("3\n");
        assertThat(post("", "SELECT getSetting('max_threads')").body()).isNotEqualTo("3\n");
        assertThat(post("&no_such_setting=1", "SELECT 1")).satisfies(refusal("115", 404));
    }

    @Test
    void aSessionRemembersWhatARequestHasSet() throws Exception {
        assertThat(post("&session_id=s", "CREATE TEMPORARY TABLE seen (a Int32)")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post("&session_id=s", "INSERT INTO seen VALUES (1)").statusCode())
                .isEqualTo(200);
        assertThat(post("&session_id=s", "SELECT * FROM nowhere")).satisfies(refusal("60", 404));
        assertThat(post("&session_id=s", "SELECT * FROM seen").body()).isEqualTo("1\n");
        assertThat(post("&session_id=other", "SELECT * FROM seen")).satisfies(refusal("60", 404));
    }

    @Test
    void oneRequestAfterAnotherHasTheSessionAndOneBesideAnotherDoesNot() throws Exception {
        for (int i = 0; i < 200; i++) {
            assertThat(post("&session_id=busy", "SELECT " + i).body()).isEqualTo(i + "\n");
        }
        String busy = "SELECT sum(sleepEachRow(1)) AS " + lease.handle().database() + " FROM numbers(100)"
                + " SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 200000000";
        CompletableFuture<HttpResponse<String>> held = HTTP.sendAsync(
                request(
                        "session_id=busy&query_id=endless",
                        busy,
                        lease.handle().user(),
                        lease.handle().password().reveal()),
                HttpResponse.BodyHandlers.ofString());
        await().until(() -> post("", "SELECT count() FROM system.processes WHERE query = '" + busy + "'")
                .body()
                .equals("1\n"));
        assertThat(post("&session_id=busy", "SELECT 1")).satisfies(refusal("373", 500));
        post("", "KILL QUERY WHERE query_id = 'endless' SYNC");
        assertThat(held.get(20, TimeUnit.SECONDS)).satisfies(refusal("394", 500));
        assertThat(post("&session_id=busy", "SELECT 1").body()).isEqualTo("1\n");
    }

    @Test
    void whatTheEngineCannotDoIsSaid() throws Exception {
        assertThat(post("", "CREATE TABLE r (a Int32) ENGINE = ReplicatedMergeTree('/r', '1') ORDER BY a")
                        .statusCode())
                .isNotEqualTo(200);
        HttpResponse<String> user = HTTP.send(
                request(
                        "",
                        "CREATE ROLE auditors",
                        server.endpoint().user(),
                        server.endpoint().password().reveal()),
                HttpResponse.BodyHandlers.ofString());
        assertThat(user).satisfies(refusal("48", 501));
        assertThat(user.body()).contains("embedded engine has no SQL users").contains("container");
    }

    private HttpResponse<String> post(String parameters, String body) throws IOException, InterruptedException {
        return ClickHouseHttp.post(lease.handle(), parameters, body);
    }

    private HttpResponse<String> post(String parameters, String body, String user, String password)
            throws IOException, InterruptedException {
        return HTTP.send(request(parameters, body, user, password), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest request(String parameters, String body, String user, String password) {
        return ClickHouseHttp.request(server.endpoint().address(), parameters, body, user, password);
    }
}
