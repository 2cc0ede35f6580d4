package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;

/** Much data at once, into the embedded ClickHouse. */
@Timeout(300)
class ClickHouseBulkTest extends ClickHouseLeased {

    private static final int EVENTS = 10_000;
    private static final int BATCH = 1_000;

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
}
