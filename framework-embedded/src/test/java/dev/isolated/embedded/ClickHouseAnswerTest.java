package dev.isolated.embedded;

import static dev.isolated.embedded.ClickHouseHttp.post;
import static dev.isolated.embedded.ClickHouseHttp.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.clickhouse.ClickHouse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The embedded engine answers as a ClickHouse server does. */
class ClickHouseAnswerTest extends ClickHouseLeased {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String BREAKS = "SELECT toUInt8(1), throwIf(number = 900000) FROM numbers(1000000)";

    @Test
    void aResultThatBreaksOffNeverLooksWhole() throws Exception {
        assertThatThrownBy(() -> post(lease.handle(), "", BREAKS + " FORMAT RowBinary"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> post(lease.handle(), "&compress=1", BREAKS + " FORMAT RowBinary"))
                .isInstanceOf(IOException.class);
        try (Connection connection = lease.handle().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> {
                        try (ResultSet rows = statement.executeQuery(BREAKS)) {
                            while (rows.next()) {
                                assertThat(rows.getInt(1)).isEqualTo(1);
                            }
                        }
                    })
                    .isNotInstanceOf(AssertionError.class);
        }
    }

    @Test
    void whoWaitsForTheEndIsToldAnErrorInTheOrdinaryWay() throws Exception {
        assertThat(post(lease.handle(), "&wait_end_of_query=1", BREAKS + " FORMAT RowBinary"))
                .satisfies(refusal("395", 500));
    }

    @Test
    void whatARequestOfASessionSetsIsItsOwn() throws Exception {
        ClickHouse handle = lease.handle();
        assertThat(post(handle, "&session_id=s", "SET max_threads = 3").statusCode())
                .isEqualTo(200);
        assertThat(post(handle, "&session_id=s&max_threads=2&max_result_rows=1", "SELECT getSetting('max_threads')")
                        .body())
                .isEqualTo("2\n");
        assertThat(post(handle, "&session_id=s", "SELECT getSetting('max_threads') FROM numbers(2) FORMAT JSON")
                        .body())
                .contains("3");
        assertThat(post(handle, "&session_id=s&max_result_bytes=1", "SELECT * FROM numbers(10) FORMAT JSON"))
                .satisfies(refusal("396", 500));
        assertThat(post(handle, "&session_id=s", "SELECT 1, 2, 3").statusCode()).isEqualTo(200);
        assertThat(post(handle, "&session_id=s&readonly=1", "SELECT 1")).satisfies(refusal("48", 501));
        assertThat(post(handle, "&readonly=1", "SELECT 1 FORMAT JSON").statusCode())
                .isEqualTo(200);
    }

    @Test
    void aSessionThatIsClosedIsForgotten() throws Exception {
        ClickHouse handle = lease.handle();
        assertThat(post(handle, "&session_id=s&close_session=1", "CREATE TEMPORARY TABLE seen (a Int32)")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post(handle, "&session_id=s", "SELECT * FROM seen")).satisfies(refusal("60", 404));
    }

    @Test
    void aRequestThatOnlyReadsChangesNothing() throws Exception {
        assertThat(get("/?query=CREATE%20TABLE%20t%20(a%20Int8)%20ENGINE=Memory", "GET"))
                .satisfies(refusal("164", 500));
        assertThat(get("/?query=SELECT%201", "GET").body()).isEqualTo("1\n");
        assertThat(get("/ping", "HEAD").statusCode()).isEqualTo(200);
        assertThat(get("/elsewhere", "GET").statusCode()).isEqualTo(404);
    }

    @Test
    void aBigUploadThatIsRefusedIsToldWhy() throws Exception {
        String rows = "1234567890\n".repeat(2_000_000);
        assertThat(post(lease.handle(), "&query=INSERT%20INTO%20missing%20FORMAT%20CSV", rows))
                .satisfies(refusal("60", 404));
    }

    @Test
    void whatIsMadeAsAWholeHasALimitHoweverItIsAskedFor() throws Exception {
        String limit = "1000000000";
        for (String sql : new String[] {
            "SELECT getSetting('max_result_bytes') FORMAT JSON",
            "FROM system.one SELECT getSetting('max_result_bytes') FORMAT JSON",
            "WITH 1 AS x SELECT getSetting('max_result_bytes') FORMAT JSON",
            "(SELECT getSetting('max_result_bytes')) FORMAT JSON"
        }) {
            assertThat(post(lease.handle(), "", sql).body()).as(sql).contains(limit);
        }
        post(lease.handle(), "", "CREATE TABLE t ENGINE = Memory AS SELECT getSetting('max_result_bytes') AS a");
        assertThat(post(lease.handle(), "", "SELECT a FROM t").body()).contains(limit);
        assertThat(post(lease.handle(), "&session_id=s", "SET max_threads = 1").statusCode())
                .isEqualTo(200);
        for (String sql : new String[] {
            "FROM system.one SELECT getSetting('max_result_bytes')", "SELECT getSetting('max_result_bytes')"
        }) {
            assertThat(post(lease.handle(), "&session_id=s", sql).body())
                    .as(sql)
                    .isEqualTo("0\n");
        }
    }

    @Test
    void whatStandsBehindAStatementInTheUrlComesBeforeTheBody() throws Exception {
        assertThat(post(lease.handle(), "", "CREATE TABLE t (a UInt64) ENGINE = Memory")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post(lease.handle(), "&query=INSERT%20INTO%20t%20FORMAT%20CSV%0A1%0A", "2\n3\n")
                        .statusCode())
                .isEqualTo(200);
        assertThat(post(lease.handle(), "", "SELECT sum(a) FROM t").body()).isEqualTo("6\n");
    }

    @ParameterizedTest
    @CsvSource({
        "jsoneachrow, application/x-ndjson; charset=UTF-8",
        "JSONCompactEachRow, text/plain; charset=UTF-8",
        "CSVWithNamesAndTypes, text/csv; charset=UTF-8; header=present",
        "JSON, application/json; charset=UTF-8",
        "TSV, text/tab-separated-values; charset=UTF-8",
        "CSV, text/csv; charset=UTF-8; header=absent",
        "RowBinary, application/octet-stream",
        "Pretty, text/plain; charset=UTF-8"
    })
    void anAnswerSaysWhatItIs(String format, String type) throws Exception {
        assertThat(post(lease.handle(), "", "SELECT 1 FORMAT " + format)
                        .headers()
                        .firstValue("Content-Type"))
                .contains(type);
    }

    private HttpResponse<String> get(String path, String method) throws IOException, InterruptedException {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create("http://" + server.endpoint().address() + path))
                        .header("X-ClickHouse-User", lease.handle().user())
                        .header("X-ClickHouse-Key", lease.handle().password().reveal())
                        .header("X-ClickHouse-Database", lease.handle().database())
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
