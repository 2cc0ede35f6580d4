package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Much data at once, in and out of the embedded ClickHouse. */
@Timeout(300)
class ClickHouseBulkTest extends ClickHouseLeased {

    private static final int ROWS = 1_000_000;
    private static final int LENGTH = 1_000;
    private static final int EVENTS = 20_000;
    private static final int BATCH = 1_000;
    private static final long MEGABYTE = 1L << 20;

    /** A gigabyte, of which the client could hold a sixteenth, and the server holds less than a third. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void aMillionRowsPassThroughBothProcessesWithoutBeingHeldInEither(TestReporter reporter) throws Exception {
        makeTable();
        long engine = ClickHouseServers.process(server).pid();
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
        assertThat(said).contains(ROWS + " rows, 99").doesNotContain("OutOfMemoryError");
        reporter.publishEntry(
                "resident memory of the engine's process",
                before / MEGABYTE + " MB, at most " + most / MEGABYTE + " MB while it sent "
                        + (long) ROWS * LENGTH / MEGABYTE + " MB");
        assertThat(most - before).isLessThan((long) ROWS * LENGTH / 3);
    }

    /** The best of some rounds, as others may keep the machine busy. */
    @Test
    void fiveThousandEventsASecondAreInsertedInBatchesOfAThousand(TestReporter reporter) throws SQLException {
        try (Connection connection = lease.handle().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE events (at DateTime64(3), user UInt64, name LowCardinality(String),"
                    + " amount Decimal(18, 4), tags Array(String)) ENGINE = MergeTree ORDER BY (name, at)");
            long best = 0;
            int rounds = 0;
            while (rounds < 10 && best <= 5_000) {
                long start = System.nanoTime();
                insertEvents(connection);
                best = Math.max(best, EVENTS * 1_000_000_000L / (System.nanoTime() - start));
                rounds++;
            }
            reporter.publishEntry("events a second", Long.toString(best));
            try (ResultSet row = statement.executeQuery("SELECT count(), sum(user) FROM events")) {
                row.next();
                assertThat(row.getLong(1)).isEqualTo((long) EVENTS * rounds);
                assertThat(row.getLong(2)).isEqualTo((long) EVENTS * (EVENTS - 1) / 2 * rounds);
            }
            assertThat(best).isGreaterThan(5_000);
        }
    }

    private static void insertEvents(Connection connection) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO events VALUES (?, ?, ?, ?, ['tag', 'other'])")) {
            for (int i = 0; i < EVENTS; i++) {
                insert.setTimestamp(1, new Timestamp(1_795_000_000_000L + i));
                insert.setLong(2, i);
                insert.setString(3, "event " + i % 7);
                insert.setBigDecimal(4, BigDecimal.valueOf(i, 4));
                insert.addBatch();
                if (i % BATCH == BATCH - 1) {
                    insert.executeBatch();
                }
            }
        }
    }

    private void makeTable() throws SQLException {
        try (Connection connection = lease.handle().dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE long (id UInt64, text String) ENGINE = MergeTree ORDER BY id");
            statement.execute("INSERT INTO long SELECT number, toString(cityHash64(number)) || repeat('x', "
                    + (LENGTH - 20) + ") FROM numbers(" + ROWS + ") SETTINGS max_block_size = 8192,"
                    + " min_insert_block_size_rows = 8192, min_insert_block_size_bytes = 8000000");
        }
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
