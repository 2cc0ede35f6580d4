package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is set as a parameter of ClickHouse's JDBC driver comes back as the same object. */
class ClickHouseParametersTest extends ClickHouseLeased {

    static Stream<Arguments> values() {
        return Stream.of(
                arguments("Int8", (byte) -128),
                arguments("Int16", Short.MIN_VALUE),
                arguments("Int32", Integer.MIN_VALUE),
                arguments("Int64", Long.MIN_VALUE),
                arguments("UInt64", BigInteger.TWO.pow(64).subtract(BigInteger.ONE)),
                arguments("Int256", BigInteger.TWO.pow(255).negate()),
                arguments("Float32", 0.1f),
                arguments("Float64", Double.MIN_VALUE),
                arguments("Decimal(38, 10)", new BigDecimal("-1234567890123456789012345678.0123456789")),
                arguments("Bool", true),
                arguments("String", "it's \\ \u00e4\u6f22\0\uD83D\uDE00 ? {x:Int8} \n\t"),
                arguments("Nullable(String)", null),
                arguments("Nullable(Int32)", null),
                arguments("LowCardinality(String)", "low"),
                arguments("UUID", UUID.fromString("61f0c404-5cb3-11e7-907b-a6006ad3dba0")),
                arguments("Date", LocalDate.of(2026, 3, 29)),
                arguments("Date32", LocalDate.of(1900, 1, 1)),
                arguments("DateTime('UTC')", LocalDateTime.of(2026, 11, 21, 23, 59, 59)),
                arguments("DateTime64(9, 'UTC')", LocalDateTime.of(2026, 11, 21, 23, 59, 59, 123_456_789)));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aParameterOfATypeComesBackAsItWas(String type, Object value) throws SQLException {
        try (Connection connection = lease.handle().dataSource().getConnection()) {
            insert(connection, type, value);
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT v FROM t")) {
                assertThat(row.next()).isTrue();
                Object back = value == null ? row.getObject(1) : row.getObject(1, value.getClass());
                assertThat(back).isEqualTo(value);
                assertThat(row.wasNull()).isEqualTo(value == null);
            }
        }
    }

    /** Before the clocks are set back, after that, which has the same time of day, and around the hour that is left out. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-10-25T02:30:00+02:00[Europe/Berlin]",
                "2026-10-25T02:30:00+01:00[Europe/Berlin]",
                "2026-03-29T01:59:59+01:00[Europe/Berlin]",
                "2026-03-29T03:00:00+02:00[Europe/Berlin]"
            })
    void aMomentIsTheSameInAnotherZoneWhenClocksChange(String moment) throws SQLException {
        ZonedDateTime value = ZonedDateTime.parse(moment);
        for (String type : new String[] {"DateTime64(3, 'Europe/Berlin')", "DateTime('Europe/Berlin')"}) {
            try (Connection connection = lease.handle().dataSource().getConnection()) {
                insert(connection, type, value);
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT v, toUnixTimestamp(v) FROM t")) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getLong(2)).as(type).isEqualTo(value.toEpochSecond());
                    assertThat(row.getObject(1, ZonedDateTime.class)).as(type).isEqualTo(value);
                }
            }
        }
    }

    private static void insert(Connection connection, String type, Object value) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE OR REPLACE TABLE t (v " + type + ") ENGINE = MergeTree ORDER BY tuple()");
        }
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (?)")) {
            insert.setObject(1, value);
            assertThat(insert.executeUpdate()).isEqualTo(1);
        }
    }
}
