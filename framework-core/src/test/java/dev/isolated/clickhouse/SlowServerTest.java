package dev.isolated.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What servers do that no server at hand can be made to do: one that says nothing, and one that allows next to nothing. */
@Timeout(20)
class SlowServerTest {

    private static final Place PLACE = new Place("tests", "");
    private static final int FORBIDDEN = 403;

    private final CountDownLatch over = new CountDownLatch(1);
    private final ExecutorService executor = Executors.newCachedThreadPool();
    private HttpServer listening;

    @BeforeEach
    void listen() throws IOException {
        listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        listening.setExecutor(executor);
    }

    @AfterEach
    void stop() {
        over.countDown();
        listening.stop(0);
        executor.shutdown();
    }

    @Test
    void settlingEndsWithItsLimitWhereTheServerSaysNothing() {
        ClickHouseAdmin admin = admin(sql -> silence());

        assertThatThrownBy(() -> new Settling(admin, PLACE, Duration.ofMillis(100)).await())
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("Could not wait for ClickHouse database tests to settle")
                .hasMessageContaining("within 100 ms")
                .hasMessageContaining("found no answer from clickhouse");
    }

    @Test
    void settlingGoesOnWhereNothingMayBeFlushed() {
        ClickHouseAdmin admin = admin(sql -> sql.startsWith("SYSTEM FLUSH") ? denied() : "");

        new Settling(admin, PLACE, Duration.ofSeconds(1)).await();
    }

    @Test
    void insertsThatMayNotBeFlushedAreWaitedFor() {
        ClickHouseAdmin admin = admin(sql -> sql.startsWith("SYSTEM FLUSH")
                ? denied()
                : sql.contains("asynchronous_inserts") ? "asynchronous inserts into orders\n" : "");

        assertThatThrownBy(() -> new Settling(admin, PLACE, Duration.ofMillis(100)).await())
                .hasMessageContaining("found asynchronous inserts into orders");
    }

    @Test
    void evidenceOfASlowServerIsGivenUp() {
        String tables = IntStream.range(0, 20)
                .mapToObj(i -> hex("MergeTree orders" + i))
                .collect(Collectors.joining("\n"));
        ClickHouseAdmin admin = admin(sql -> sql.contains("system.tables") ? tables : silence());

        List<Evidence> evidence = new PlaceEvidence(admin, PLACE, Duration.ofMillis(100)).all();

        assertThat(evidence.get(0).text())
                .contains("orders0: could not be had: ")
                .contains("orders19: not read, for the server took too long for those before");
        assertThat(evidence.get(1).text()).startsWith("could not be had: ");
    }

    @Test
    void queriesAreToldWhereLogsMayNotBeFlushed() {
        ClickHouseAdmin admin = admin(sql -> sql.startsWith("SYSTEM FLUSH")
                ? denied()
                : sql.contains("query_log") ? "2026-01-01 00:00:00.000000\t5\t\tSELECT 1\n" : "");

        assertThat(new PlaceEvidence(admin, PLACE, Duration.ofSeconds(5))
                        .all()
                        .get(1)
                        .text())
                .isEqualTo("2026-01-01 00:00:00.000000  5 ms  SELECT 1");
    }

    @Test
    void queriesAreToldWhateverLinesTheyHaveAndWhatTheAnswerLacksAtItsEnd() {
        ClickHouseAdmin admin = admin(sql -> sql.contains("query_log")
                ? "2026-01-01 00:00:02.000000\t5\t\tSELECT\r1\n2026-01-01 00:00:01.000000\t7\tCode: 62.\t\n"
                : "");

        assertThat(new PlaceEvidence(admin, PLACE, Duration.ofSeconds(5))
                        .all()
                        .get(1)
                        .text())
                .isEqualTo("2026-01-01 00:00:01.000000  7 ms  \n    failed: Code: 62.\n"
                        + "2026-01-01 00:00:02.000000  5 ms  SELECT\r1");
    }

    private static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a server answers to a statement. */
    private interface Answers {
        String to(String sql) throws InterruptedException;
    }

    private String silence() throws InterruptedException {
        over.await();
        return "";
    }

    private static String denied() {
        return "Code: 497. DB::Exception: tester: Not enough privileges. (ACCESS_DENIED)";
    }

    private ClickHouseAdmin admin(Answers answers) {
        listening.createContext("/", exchange -> answer(exchange, answers));
        listening.start();
        var endpoint =
                Endpoint.plain("127.0.0.1", listening.getAddress().getPort(), "default", Secret.of("a password"));
        return new ClickHouseAdmin(new Server("clickhouse", "external", "", endpoint, Tenure.SHARED, Hold.NONE));
    }

    private static void answer(HttpExchange exchange, Answers answers) throws IOException {
        String sql = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        try (exchange) {
            byte[] said = answers.to(sql).getBytes(StandardCharsets.UTF_8);
            boolean refused = new String(said, StandardCharsets.UTF_8).startsWith("Code: ");
            exchange.sendResponseHeaders(refused ? FORBIDDEN : 200, said.length == 0 ? -1 : said.length);
            exchange.getResponseBody().write(said);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
