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
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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

    private static Server server;

    private Bench<ClickHouse> bench;
    private Lease<ClickHouse> lease;
    private ClickHouseHttp http;

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
        http = ClickHouseHttp.of(lease.handle());
    }

    @AfterEach
    void giveBack() {
        lease.close();
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&compress=1", "&enable_http_compression=1"})
    void anErrorAmongTheRowsBreaksTheAnswerOff(String parameters) {
        assertThatThrownBy(() -> http.send(http.request(parameters)
                        .header("Accept-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofString(BREAKS + " FORMAT RowBinary"))))
                .isInstanceOf(IOException.class);
    }

    @Test
    void anErrorAmongTheRowsIsOneToTheDriver() throws SQLException {
        try (Connection connection = lease.handle().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> {
                        try (ResultSet rows = statement.executeQuery(BREAKS)) {
                            while (rows.next()) {
                                assertThat(rows.getInt(1)).isEqualTo(1);
                            }
                        }
                    })
                    .isInstanceOf(Exception.class);
        }
    }

    @Test
    void whoWaitsForTheEndIsToldOfAnErrorAmongTheRows() throws Exception {
        assertThat(http.post("&wait_end_of_query=1", BREAKS)).satisfies(refusal("395", 500));
    }

    @Test
    void whoIsRefusedInTheMiddleOfABigInsertHearsWhy() throws Exception {
        byte[] rows = "a row of some length\n".repeat(1_000_000).getBytes(StandardCharsets.UTF_8);
        assertThat(http.send(http.request("&query=INSERT%20INTO%20missing%20FORMAT%20TSV")
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
        HttpResponse<String> answer =
                http.send(http.request("").POST(HttpRequest.BodyPublishers.ofInputStream(() -> body)));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-ClickHouse-Summary"))
                .get()
                .asString()
                .contains("\"written_rows\":\"" + pieces * 1_000 + "\"");
    }

    @Test
    void dataInTheUrlComesBeforeThatOfTheBody() throws Exception {
        http.post("", "CREATE TABLE t (a Int32) ENGINE = Memory");
        http.post("&query=INSERT%20INTO%20t%20FORMAT%20CSV%201", "2\n");
        assertThat(http.post("", "SELECT a FROM t ORDER BY a").body()).isEqualTo("1\n2\n");
    }

    @Test
    void whatOnlyReadsMayBeAskedByGet() throws Exception {
        assertThat(http.send(http.request("&query=SELECT%201")).body()).isEqualTo("1\n");
        assertThat(http.send(http.request("&query=CREATE%20TABLE%20t%20(a%20Int32)%20ENGINE=Memory")))
                .satisfies(refusal("164", 500));
        assertThat(http.send(http.request("&query=INSERT%20INTO%20t%20VALUES%20(1)")))
                .satisfies(refusal("164", 500));
        assertThat(http.post("&readonly=1", "CREATE TABLE t (a Int32) ENGINE = Memory"))
                .satisfies(refusal("164", 500));
        assertThat(http.post("&readonly=1", "SELECT 1 FORMAT Values").body()).isEqualTo("(1)");
        assertThat(http.send(http.request("&session_id=g&query=SET%20max_threads=3"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void otherPathsAndMethodsAreNotFound() throws Exception {
        assertThat(status("GET", "/somewhere")).isEqualTo(404);
        assertThat(status("PUT", "/?query=SELECT%201")).isEqualTo(404);
        assertThat(status("HEAD", "/somewhere")).isEqualTo(404);
        assertThat(status("HEAD", "/ping")).isEqualTo(200);
        assertThat(status("GET", "/")).isEqualTo(200);
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
        assertThat(http.post("", "SELECT 1 FORMAT " + format).headers().firstValue("Content-Type"))
                .contains(type);
    }

    @Test
    void manyRowsInOneArrayAreOneArray() throws Exception {
        String body = http.post(
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
        assertThat(http.post("", sql)).satisfies(refusal(code, status));
    }

    @Test
    void whatIsNotDoneIsRefused() throws Exception {
        assertThat(http.post("&role=auditor", "SELECT 1")).satisfies(refusal("512", 403));
        assertThat(http.send(http.request("")
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
        HttpResponse<String> answer = http.send(http.request("&database=system")
                .header("X-ClickHouse-Database", lease.handle().database())
                .POST(HttpRequest.BodyPublishers.ofString("SELECT currentDatabase()")));
        assertThat(answer.body().strip()).isEqualTo(lease.handle().database());
    }

    @Test
    void whatAnUrlSetsInASessionIsOfItsQueryAlone() throws Exception {
        String session = "&session_id=s";
        String asked =
                "SELECT getSetting('max_threads'), getSetting('max_result_rows'), getSetting('max_result_bytes')";
        http.post(session, "SET max_threads = 5");
        assertThat(http.post(session + "&max_threads=3&max_result_rows=7&readonly=1", asked + " FORMAT CSV")
                        .body())
                .isEqualTo("3,7,0\n");
        assertThat(http.post(session + "&max_result_rows=1", "SELECT * FROM numbers(10) FORMAT JSON"))
                .satisfies(refusal("396", 500));
        assertThat(http.post(session + "&max_threads=3", "SELECT nothing")).satisfies(refusal("47", 404));
        assertThat(http.post(session, "SELECT 1 FORMAT JSON").statusCode()).isEqualTo(200);
        assertThat(http.post(session, asked + " FORMAT CSV").body()).isEqualTo("5,0,0\n");
        http.post(session + "&max_threads=3", "SET max_threads = 6");
        assertThat(http.post(session, asked + " FORMAT CSV").body()).isEqualTo("6,0,0\n");
    }

    @Test
    void aDatabaseInTheUrlIsOfItsQueryAlone() throws Exception {
        ClickHouseHttp nowhere = new ClickHouseHttp(http.server(), http.user(), http.password(), "");
        assertThat(http.post("&session_id=d", "SELECT currentDatabase()").body().strip())
                .isEqualTo(http.database());
        assertThat(nowhere.post("&session_id=d", "SELECT currentDatabase()").body())
                .isEqualTo("default\n");
        http.post("&session_id=d", "USE " + http.database());
        assertThat(nowhere.post("&session_id=d", "SELECT currentDatabase()")
                        .body()
                        .strip())
                .isEqualTo(http.database());
    }

    @Test
    void aSessionBeginsEachRequestWithItsUsersRole() throws Exception {
        ClickHouseHttp administrator = new ClickHouseHttp(
                http.server(),
                server.endpoint().user(),
                server.endpoint().password().reveal(),
                "default");
        assertThat(administrator
                        .post("&session_id=r", "SET ROLE isolated_00511")
                        .statusCode())
                .isEqualTo(200);
        assertThat(administrator.post("&session_id=r", "SELECT currentRoles()").body())
                .isEqualTo("['isolated_all']\n");
    }

    @Test
    void aSessionIsCheckedForAndClosed() throws Exception {
        assertThat(http.post("&session_id=c&session_check=1", "SELECT 1")).satisfies(refusal("372", 500));
        http.post("&session_id=c", "CREATE TEMPORARY TABLE kept (a Int32)");
        assertThat(http.post("&session_id=c&session_check=1&close_session=1", "SELECT count() FROM kept")
                        .body())
                .isEqualTo("0\n");
        assertThat(http.post("&session_id=c", "SELECT count() FROM kept")).satisfies(refusal("60", 404));
    }

    private String id(String parameters, String header) throws Exception {
        HttpRequest.Builder request = http.request(parameters).POST(HttpRequest.BodyPublishers.ofString("SELECT 1"));
        if (!header.isEmpty()) {
            request.header("X-ClickHouse-Query-Id", header);
        }
        return http.send(request).headers().firstValue("X-ClickHouse-Query-Id").orElseThrow();
    }

    private int status(String method, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(lease.handle().endpoint().resolve(path))
                        .method(method, HttpRequest.BodyPublishers.noBody()))
                .statusCode();
    }
}
