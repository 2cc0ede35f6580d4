package dev.isolated.embedded;

import static dev.isolated.embedded.ClickHouseHttp.post;
import static dev.isolated.embedded.ClickHouseHttp.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.lease.Lease;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What passes through the embedded ClickHouse is not held by it: its front has less memory than each of these needs. */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class ClickHouseMemoryTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final int ROWS = 400_000;
    private static final int LENGTH = 1_000;
    private static final long MEGABYTE = 1L << 20;

    @TempDir
    private static Path directory;

    private static SmallFront front;
    private static Bench<ClickHouse> bench;
    private static Lease<ClickHouse> lease;

    @BeforeAll
    static void start() throws Exception {
        front = SmallFront.start(directory, "48m");
        bench = Bench.open(
                new ClickHouseService(),
                front.server(),
                ClickHouseService.DATABASE,
                ClickHouseServers.settings(1, Map.of()));
        lease = bench.pool().lease("ClickHouseMemoryTest");
    }

    @AfterAll
    static void stop() {
        lease.close();
        bench.close();
        front.close();
    }

    @Test
    void rowsBehindAStatementInTheBodyAreNotHeld() throws Exception {
        requireDone(post(lease.handle(), "", "CREATE TABLE sent (a UInt64) ENGINE = Null"));
        byte[] head = "INSERT INTO sent FORMAT CSV\n".getBytes(StandardCharsets.US_ASCII);
        byte[] rows = "1234567890\n".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
        List<byte[]> body = new ArrayList<>(List.of(head));
        body.addAll(Collections.nCopies(100, rows));
        HttpRequest request = HttpRequest.newBuilder(
                        ClickHouseHttp.request(lease.handle(), "", ""), (name, value) -> true)
                .POST(HttpRequest.BodyPublishers.ofByteArrays(body))
                .build();
        HttpResponse<String> inserted = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        requireDone(inserted);
        assertThat(inserted.headers().firstValue("X-ClickHouse-Summary"))
                .get()
                .asString()
                .contains("\"written_rows\":\"10000000\"");
    }

    @Test
    void ofRowsThatAreHeldNoMoreComeAtOnceThanThereIsRoomFor() throws Exception {
        requireDone(post(lease.handle(), "", "CREATE TABLE held (a String) ENGINE = Null"));
        String insert = "INSERT INTO held VALUES ('" + "x".repeat(5_000_000) + "')";
        List<CompletableFuture<HttpResponse<String>>> asked = Stream.generate(() -> HTTP.sendAsync(
                        ClickHouseHttp.request(lease.handle(), "", insert), HttpResponse.BodyHandlers.ofString()))
                .limit(8)
                .toList();
        for (CompletableFuture<HttpResponse<String>> inserted : asked) {
            requireDone(inserted.get(60, TimeUnit.SECONDS));
        }
        String tooMuch = "INSERT INTO held VALUES ('" + "x".repeat(20_000_000) + "')";
        assertThat(post(lease.handle(), "", tooMuch))
                .satisfies(refusal("241", 500))
                .extracting(HttpResponse::body)
                .asString()
                .contains("behind a FORMAT");
        assertThat(Files.readString(front.log())).doesNotContain("OutOfMemoryError");
    }

    /** Of which the client could hold a sixth, and the engine holds less than a third. */
    @Test
    void aLongResultIsHeldByNeitherSide(TestReporter reporter) throws Exception {
        requireDone(
                post(lease.handle(), "", "CREATE TABLE long (id UInt64, text String) ENGINE = MergeTree ORDER BY id"));
        requireDone(post(
                lease.handle(),
                "",
                "INSERT INTO long SELECT number, toString(cityHash64(number)) || repeat('x', " + (LENGTH - 20)
                        + ") FROM numbers(" + ROWS + ") SETTINGS max_block_size = 8192,"
                        + " min_insert_block_size_rows = 8192, min_insert_block_size_bytes = 8000000"));
        long engine = front.process().pid();
        long before = resident(engine);
        var builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                ClickHouseReadMain.class.getName(),
                lease.handle().jdbcUrl(),
                "SELECT id, text FROM long");
        builder.environment()
                .putAll(Map.of(
                        "TEST_CLICKHOUSE_USER", lease.handle().user(),
                        "TEST_CLICKHOUSE_PASSWORD", lease.handle().password().reveal()));
        Process client = builder.redirectErrorStream(true).start();
        long most = before;
        while (!client.waitFor(20, TimeUnit.MILLISECONDS)) {
            most = Math.max(most, resident(engine));
        }
        String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).contains(ROWS + " rows, 399").doesNotContain("OutOfMemoryError");
        reporter.publishEntry(
                "resident memory of the engine's process",
                before / MEGABYTE + " MB, at most " + most / MEGABYTE + " MB while it sent "
                        + (long) ROWS * LENGTH / MEGABYTE + " MB");
        // Who held it would have all of it; what the engine's allocator has given back before, it may take again.
        assertThat(most - before).isLessThan((long) ROWS * LENGTH * 2 / 3);
    }

    private static void requireDone(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }

    private static long resident(long process) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(process), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1_024;
            }
        }
        throw new IOException("the system does not say how much memory process " + process + " has");
    }
}
