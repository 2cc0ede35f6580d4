package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.spi.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What clients of ClickHouse begin and do not end holds up nobody. */
@Timeout(120)
class ClickHouseAbandonedTest extends ClickHouseLeased {

    private static final String ENDLESS = "SELECT sum(sleepEachRow(1)) FROM numbers(100)"
            + " SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 200000000";

    @Test
    void aResultThatNobodyReadsIsEndedWithItsTest() throws Exception {
        makeBigTable();
        try (Socket deaf = raw("SELECT * FROM big", 0)) {
            // The answer has begun, so the engine is in the middle of it.
            assertThat(deaf.getInputStream().read()).isEqualTo('H');
            assertNextTestStartsClean();
        }
    }

    @Test
    void aBodyThatNeverComesIsEndedWithItsTest() throws Exception {
        execute("CREATE TABLE t (a Int32) ENGINE = MergeTree ORDER BY a");
        try (Socket dumb = raw("&query=INSERT%20INTO%20t%20FORMAT%20CSV", "1\n", 1_000_000)) {
            awaitQueries("INSERT INTO t", 1);
            assertNextTestStartsClean();
            assertThat(rest(dumb)).doesNotContain("200 OK");
        }
    }

    @Test
    void aQueryThatGoesOnIsToldThatItIsEndedWithItsTest() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Socket patient = raw(ENDLESS, 0)) {
            Future<String> answer = executor.submit(() -> rest(patient));
            awaitQueries("sum(sleepEachRow", 1);
            assertNextTestStartsClean();
            assertThat(answer.get(10, TimeUnit.SECONDS)).contains("Code: 394. DB::Exception");
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aResultThatIsClosedHalfReadEndsItsQuery() throws Exception {
        makeBigTable();
        try (Connection connection = lease.handle().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT id, text FROM big")) {
                assertThat(rows.next()).isTrue();
                awaitQueries("SELECT id, text FROM big", 1);
            }
            awaitQueries("SELECT id, text FROM big", 0);
        }
    }

    @Test
    void aClientThatHangsUpBeforeTheAnswerLosesNothingForOthers() throws Exception {
        try (Socket hasty = raw(ENDLESS, 0)) {
            awaitQueries("sum(sleepEachRow", 1);
            assertThat(hasty.isConnected()).isTrue();
        }
        assertNextTestStartsClean();
    }

    @Test
    void aStatementInASessionCanBeCancelled() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Socket first = raw("&session_id=s&query_id=one", "SELECT 1", 0)) {
            assertThat(rest(first)).contains("200 OK");
            try (Socket second = raw("&session_id=s&query_id=two", ENDLESS, 0)) {
                Future<String> answer = executor.submit(() -> rest(second));
                awaitQueries("sum(sleepEachRow", 1);
                execute("KILL QUERY WHERE query_id = 'two' SYNC");
                assertThat(answer.get(10, TimeUnit.SECONDS)).contains("Code: 394. DB::Exception");
            }
        } finally {
            executor.shutdownNow();
        }
    }

    /** The engine is told before it has the query, as what comes last of that comes while it is being told. */
    @Test
    void aQueryThatBeginsWhileItIsEndedIsEndedToo() throws Exception {
        for (int i = 0; i < 5; i++) {
            try (Socket late = raw("&query_id=late", ENDLESS, 1)) {
                CompletableFuture<HttpResponse<String>> killed = HttpClient.newHttpClient()
                        .sendAsync(
                                ClickHouseHttp.request(lease.handle(), "", "KILL QUERY WHERE query_id = 'late' SYNC"),
                                HttpResponse.BodyHandlers.ofString());
                assertThat(ClickHouseHttp.post(lease.handle(), "", "SELECT 1").statusCode())
                        .isEqualTo(200);
                late.getOutputStream().write(' ');
                HttpResponse<String> answer = killed.get(20, TimeUnit.SECONDS);
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            }
        }
    }

    @Test
    void nobodyChoosesTheMarkByWhichQueriesAreEnded() {
        assertThatThrownBy(() -> execute("SELECT 1 SETTINGS query_cache_tag = 'of somebody else'"))
                .hasMessageContaining("497")
                .hasMessageContaining("query_cache_tag");
    }

    /** A database cannot be dropped while one of its tables is read or written, nor its successor be made. */
    private void assertNextTestStartsClean() throws SQLException {
        String gone = lease.handle().database();
        lease.close();
        bench.awaitRest();
        lease = bench.pool().lease("the next test");
        assertThat(lease.handle().database()).isNotEqualTo(gone);
        ClickHouseServers.asAdministrator(server, "CREATE DATABASE " + gone);
        ClickHouseServers.asAdministrator(server, "DROP DATABASE " + gone);
        assertThat(queries(lease.handle(), "")).as("queries that run").isZero();
    }

    /** More, even compressed, than fits between a server and a client that does not read. */
    private void makeBigTable() throws SQLException {
        execute("CREATE TABLE big (id UInt64, text String) ENGINE = MergeTree ORDER BY id");
        execute("INSERT INTO big SELECT number, randomPrintableASCII(100) FROM numbers(500000)");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = lease.handle().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void awaitQueries(String part, int number) {
        await().atMost(Duration.ofSeconds(10)).until(() -> queries(lease.handle(), part) == number);
    }

    private Socket raw(String body, int missing) throws IOException {
        return raw("", body, missing);
    }

    /** A request whose body lacks so many bytes. */
    private Socket raw(String parameters, String body, int missing) throws IOException {
        ClickHouse handle = lease.handle();
        Endpoint endpoint = server.endpoint();
        var socket = new Socket(endpoint.host(), endpoint.port());
        socket.setSoTimeout(20_000);
        String credentials = handle.user() + ":" + handle.password().reveal();
        socket.getOutputStream()
                .write(("POST /?database=" + handle.database() + parameters
                                + " HTTP/1.1\r\nHost: test\r\nAuthorization: Basic "
                                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8))
                                + "\r\nConnection: close\r\nContent-Length: " + (body.length() + missing) + "\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.UTF_8));
        return socket;
    }

    private static String rest(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
