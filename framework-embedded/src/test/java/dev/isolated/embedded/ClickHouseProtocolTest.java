package dev.isolated.embedded;

import static dev.isolated.embedded.ClickHouseHttp.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.ServerException;
import com.clickhouse.data.ClickHouseFormat;
import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.lease.Lease;
import dev.isolated.spi.Server;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client can tell a real ClickHouse by, the embedded engine does, too. */
@Timeout(120)
class ClickHouseProtocolTest {

    private static final String BREAKS = "SELECT toUInt8(1) AS a, throwIf(number = 900000) AS b FROM numbers(1000000)";

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Server server;

    private Bench<ClickHouse> bench;
    private Lease<ClickHouse> lease;

    @BeforeAll
    static void startServer() {
        server = ClickHouseServers.embedded();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void lease() {
        bench = Bench.open(
                new ClickHouseService(), server, ClickHouseService.DATABASE, ClickHouseServers.settings(1, Map.of()));
        lease = bench.pool().lease("ClickHouseProtocolTest");
    }

    @AfterEach
    void giveBack() {
        lease.close();
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&compress=1", "&enable_http_compression=1"})
    void anErrorAmongTheRowsBreaksTheAnswerOff(String parameters) {
        assertThatThrownBy(() -> send(request(parameters)
                        .header("Accept-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofString(BREAKS + " FORMAT RowBinary"))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void whoIsRefusedInTheMiddleOfABigInsertHearsWhy() throws Exception {
        byte[] rows = "a row of some length\n".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        assertThat(send(request("&query=INSERT%20INTO%20missing%20FORMAT%20TSV")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(rows))))
                .satisfies(refusal("60", 404));
        assertThatThrownBy(() -> lease.handle()
                        .client()
                        .insert("missing", new ByteArrayInputStream(rows), ClickHouseFormat.TSV)
                        .get())
                .hasRootCauseInstanceOf(ServerException.class)
                .hasMessageContaining("missing");
    }

    /** In a JVM with a gigabyte, where others are served as well. */
    @Test
    void aBodyThatIsAnInsertIsNotHeld() throws Exception {
        byte[] piece = "x".repeat(999).concat("\n").repeat(1_000).getBytes(StandardCharsets.US_ASCII);
        int pieces = 600;
        var body = new InputStream() {
            private final byte[] head =
                    "INSERT INTO FUNCTION null('x String') FORMAT TSV\n".getBytes(StandardCharsets.US_ASCII);
            private long at;

            @Override
            public int read() {
                throw new UnsupportedOperationException("nobody reads single bytes");
            }

            @Override
            public int read(byte[] bytes, int offset, int length) {
                byte[] from = at < head.length ? head : piece;
                int begin = (int) (at < head.length ? at : (at - head.length) % piece.length);
                if (at - head.length >= (long) pieces * piece.length) {
                    return -1;
                }
                int part = Math.min(length, from.length - begin);
                System.arraycopy(from, begin, bytes, offset, part);
                at += part;
                return part;
            }
        };
        HttpResponse<String> answer = send(request("").POST(HttpRequest.BodyPublishers.ofInputStream(() -> body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-ClickHouse-Summary"))
                .get()
                .asString()
                .contains("\"written_rows\":\"" + pieces * 1_000 + "\"");
    }

    @Test
    void dataInTheUrlComesBeforeThatOfTheBody() throws Exception {
        post("", "CREATE TABLE t (a Int32) ENGINE = Memory");
        post("&query=INSERT%20INTO%20t%20FORMAT%20CSV%201", "2\n");
        assertThat(post("", "SELECT a FROM t ORDER BY a").body()).isEqualTo("1\n2\n");
    }

    @ParameterizedTest
    @CsvSource({
        "TSV,text/tab-separated-values; charset=UTF-8",
        "CSVWithNames,text/csv; charset=UTF-8; header=present",
        "JSON,application/json; charset=UTF-8",
        "jsoneachrow,application/x-ndjson; charset=UTF-8",
        "RowBinary,application/octet-stream",
        "Vertical,text/plain; charset=UTF-8"
    })
    void anAnswerSaysWhatItIs(String format, String type) throws Exception {
        assertThat(post("", "SELECT 1 FORMAT " + format).headers().firstValue("Content-Type"))
                .contains(type);
    }

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
