package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.data.ClickHouseFormat;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.contract.Together;
import dev.isolated.lease.Lease;
import java.io.ByteArrayInputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The ordinary life of ClickHouse's own drivers on the embedded engine. */
class ClickHouseDriverTest extends ClickHouseLeased {

    private static final String MOST =
            BigInteger.TWO.pow(256).subtract(BigInteger.ONE).toString();

    private static final String LEAST = BigInteger.TWO.pow(255).negate().toString();

    static Stream<Arguments> values() {
        return Stream.of(
                arguments("Int8", "-128", "-128"),
                arguments("UInt8", "255", "255"),
                arguments("Int16", "-32768", "-32768"),
                arguments("UInt16", "65535", "65535"),
                arguments("Int32", "-2147483648", "-2147483648"),
                arguments("UInt32", "4294967295", "4294967295"),
                arguments("Int64", "-9223372036854775808", "-9223372036854775808"),
                arguments("UInt64", "18446744073709551615", "18446744073709551615"),
                arguments(
                        "Int128",
                        "'-170141183460469231731687303715884105728'",
                        "-170141183460469231731687303715884105728"),
                arguments(
                        "UInt128",
                        "'340282366920938463463374607431768211455'",
                        "340282366920938463463374607431768211455"),
                arguments("Int256", "'" + LEAST + "'", LEAST),
                arguments("UInt256", "'" + MOST + "'", MOST),
                arguments("Float32", "0.5", "0.5"),
                arguments("Float64", "inf", "Infinity"),
                arguments("Float64", "nan", "NaN"),
                arguments("Decimal(9, 4)", "'-99999.9999'", "-99999.9999"),
                arguments("Decimal(18, 0)", "'999999999999999999'", "999999999999999999"),
                arguments("Decimal(76, 1)", "'0.1'", "0.1"),
                arguments("Float64", "0.1", "0.1"),
                arguments(
                        "Decimal(38, 10)",
                        "'1234567890123456789012345678.0123456789'",
                        "1234567890123456789012345678.0123456789"),
                arguments("Bool", "true", "true"),
                arguments("String", "'\u00e4\u6f22\\0\uD83D\uDE00\\n'", "\u00e4\u6f22\0\uD83D\uDE00\n"),
                arguments("Nullable(String)", "NULL", null),
                arguments("LowCardinality(String)", "'low'", "low"),
                arguments("FixedString(3)", "'abc'", "abc"),
                arguments("UUID", "'61f0c404-5cb3-11e7-907b-a6006ad3dba0'", "61f0c404-5cb3-11e7-907b-a6006ad3dba0"),
                arguments("Enum8('a' = 1, 'b' = 2)", "'b'", "b"),
                arguments("Enum16('z' = -1000)", "'z'", "z"),
                arguments("IPv4", "'10.1.2.3'", "10.1.2.3"),
                arguments("IPv6", "'2001:db8::1'", "2001:db8:0:0:0:0:0:1"),
                arguments("Nullable(Int32)", "NULL", null),
                arguments("Nullable(UUID)", "NULL", null),
                arguments("LowCardinality(Nullable(String))", "NULL", null),
                arguments("Array(UInt8)", "[1, 255]", "[1, 255]"),
                arguments("Array(Nullable(Int32))", "[1, NULL]", "[1, NULL]"),
                arguments("Array(Array(String))", "[['a'], [], ['b', 'c']]", "[['a'], [], ['b', 'c']]"),
                arguments("Date", "'2026-11-21'", "2026-11-21"),
                arguments("Date32", "'1900-01-01'", "1900-01-01"),
                arguments("DateTime('UTC')", "'2026-11-21 23:59:59'", "2026-11-21 23:59:59"),
                arguments("DateTime64(9, 'UTC')", "'2026-11-21 23:59:59.123456789'", "2026-11-21 23:59:59.123456789"));
    }

    @ParameterizedTest
    @MethodSource("values")
    void aValueOfATypeComesBackAsItWas(String type, String literal, String expected) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (v " + type + ") ENGINE = MergeTree ORDER BY tuple()");
            statement.execute("INSERT INTO t VALUES (" + literal + ")");
            try (ResultSet rows = statement.executeQuery("SELECT v FROM t")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).isEqualTo(expected);
                assertThat(rows.next()).isFalse();
            }
        }
    }

    @Test
    void compositesAndTimesComeBackAsTheyWere() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT [1, 2, 3]::Array(UInt8) AS a, map('k', 1) AS m,"
                        + " toDateTime64('2026-11-21 12:34:56.789', 3, 'Asia/Tokyo') AS t, (1, 'x') AS p,"
                        + " '{\"a\": {\"b\": 42}}'::JSON AS j, NULL::Nullable(String) AS n")) {
            assertThat(row.next()).isTrue();
            assertThat((Object[]) row.getArray("a").getArray())
                    .extracting(Object::toString)
                    .containsExactly("1", "2", "3");
            assertThat(row.getString("m")).contains("k").contains("1");
            assertThat(row.getObject("t", ZonedDateTime.class).toInstant()).isEqualTo("2026-11-21T03:34:56.789Z");
            assertThat(row.getObject("p")).isNotNull();
            assertThat(row.getString("j")).contains("42");
            assertThat(row.getString("n")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "map('a', 1, 'b', 2)|Map(String, UInt8)|{a=1, b=2}",
                "tuple(1, 'x', NULL)|Tuple(UInt8, String, Nullable(Nothing))|[1, x, null]",
                "CAST(tuple(1, 'x'), 'Tuple(id UInt8, name String)')|Tuple( id UInt8, name String)|[1, x]",
                "[map('k', [1, 2])]|Array(Map(String, Array(UInt8)))|[{k=[1, 2]}]",
                "CAST(5, 'Variant(UInt8, String)')|Variant(String, UInt8)|5",
                "CAST('s', 'Dynamic')|Dynamic|s",
                "(1.5, 2.5)::Point|Point|[1.5, 2.5]",
                "toLowCardinality('low')|LowCardinality(String)|low"
            })
    void aCompositeIsDescribedAndComesBack(String expression, String type, String expected) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            assertThat(one(statement, "SELECT toTypeName(" + expression + ")")
                            .get(0)
                            .replaceAll("\\s+", " "))
                    .isEqualTo(type);
            try (ResultSet row = statement.executeQuery("SELECT " + expression + " AS v")) {
                assertThat(row.next()).isTrue();
                assertThat(readable(row.getObject("v"))).isEqualTo(expected);
            }
        }
    }

    @Test
    void nestedColumnsComeBackAsArrays() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (id UInt8, line Nested(item String, price Decimal(9, 2)))"
                    + " ENGINE = MergeTree ORDER BY id");
            statement.execute("INSERT INTO t VALUES (1, ['tea', 'cake'], [1.50, 2.25])");
            assertThat(one(statement, "SELECT line.item, line.price FROM t"))
                    .containsExactly("['tea', 'cake']", "[1.50, 2.25]");
        }
    }

    @Test
    void aBatchOfAHundredThousandRowsIsInserted() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE events (id UInt64, at DateTime, name String, amount Decimal(18, 4))"
                    + " ENGINE = MergeTree ORDER BY id");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO events VALUES (?, ?, ?, ?)")) {
                for (int i = 0; i < 100_000; i++) {
                    insert.setLong(1, i);
                    insert.setString(2, "2026-11-21 00:00:00");
                    insert.setString(3, "it's no. " + i);
                    insert.setBigDecimal(4, new BigDecimal("0.0001"));
                    insert.addBatch();
                }
                assertThat(insert.executeBatch()).hasSize(100_000);
            }
            assertThat(one(
                            statement,
                            "SELECT count(), sum(id), countDistinct(name), toString(sum(amount)) FROM events"))
                    .containsExactly("100000", "4999950000", "100000", "10");
        }
    }

    @Test
    void aResultOfAMillionRowsArrivesWhole() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT number, toString(number) AS s FROM numbers(1000000)")) {
            long expected = 0;
            for (; rows.next(); expected++) {
                if (rows.getLong(1) != expected || !rows.getString(2).equals(Long.toString(expected))) {
                    assertThat(rows.getLong(1)).isEqualTo(expected);
                    assertThat(rows.getString(2)).isEqualTo(Long.toString(expected));
                }
            }
            assertThat(expected).isEqualTo(1_000_000);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "SELECT * FROM nothing_like_it|60",
                "SELEKT 1|62",
                "SELECT no_such_function(1)|46",
                "SELECT throwIf(number = 900000) FROM numbers(1000000) FORMAT Null|395",
                "SET ROLE isolated_all|497",
                "EXECUTE AS default SELECT 1|497",
                "SELECT * FROM system.query_log|60",
                "CREATE USER someone|497",
                "CREATE FUNCTION f AS x -> x|497",
                "CREATE DATABASE of_somebody_else|497",
                "SELECT * FROM isolated.runs|497",
                "SELECT * FROM file('/etc/passwd', 'LineAsString')|497",
                "KILL QUERY WHERE 1|497",
                "SYSTEM SHUTDOWN|497"
            })
    void whatGoesWrongHasTheCodeThatClickHouseGivesIt(String sql, int code) throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute(sql))
                    .hasMessageContaining("Code: " + code)
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            it -> assertThat(it.getErrorCode()).isEqualTo(code));
            assertThat(one(statement, "SELECT 'the connection goes on'")).containsExactly("the connection goes on");
        }
    }

    @Test
    void aDictionaryOverTheEngineReadsNothingButTheTestsOwn() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            String of =
                    "CREATE DICTIONARY d (id UInt64, v String) PRIMARY KEY id LAYOUT(FLAT()) LIFETIME(0) SOURCE(CLICKHOUSE(";
            assertThatThrownBy(() -> statement.execute(of + "DB 'isolated' TABLE 'runs'))"))
                    .hasMessageContaining("own database")
                    .hasMessageContaining("DB 'isolated");
            assertThatThrownBy(() -> statement.execute(of + "QUERY 'SELECT 1, run FROM isolated.runs'))"))
                    .hasMessageContaining("QUERY");
            statement.execute("CREATE TABLE source (id UInt64, v String) ENGINE = MergeTree ORDER BY id");
            statement.execute("INSERT INTO source VALUES (7, 'seven')");
            statement.execute(of + "DB '" + lease.handle().database() + "' TABLE 'source'))");
            assertThat(one(statement, "SELECT dictGet('" + lease.handle().database() + ".d', 'v', 7::UInt64)"))
                    .containsExactly("seven");
        }
    }

    @Test
    void aCancelledQueryEnds() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                Connection second = connection();
                Statement witness = second.createStatement()) {
            String name = "of_" + lease.handle().database();
            Future<?> running = executor.submit(
                    () -> statement.executeQuery("SELECT sum(sleepEachRow(1)) AS " + name + " FROM numbers(100)"
                            + " SETTINGS max_block_size = 1, function_sleep_max_microseconds_per_block = 200000000"));
            String mine = "SELECT count() FROM system.processes WHERE query LIKE '%AS " + name
                    + " FROM%' AND query NOT LIKE '%processes%'";
            await().until(() -> one(witness, mine).get(0).equals("1"));
            statement.cancel();
            assertThatThrownBy(() -> running.get(20, TimeUnit.SECONDS)).hasMessageContaining("394");
            await().until(() -> one(witness, mine).get(0).equals("0"));
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void theJavaClientInsertsAndReads() throws Exception {
        var client = lease.handle().client();
        client.query("CREATE TABLE t (a Int32, b String) ENGINE = MergeTree ORDER BY a")
                .get(10, TimeUnit.SECONDS)
                .close();
        client.insert(
                        "t",
                        new ByteArrayInputStream("{\"a\": 1, \"b\": \"one\"}\n{\"a\": 2, \"b\": \"two\"}\n"
                                .getBytes(StandardCharsets.UTF_8)),
                        ClickHouseFormat.JSONEachRow)
                .get(10, TimeUnit.SECONDS)
                .close();
        List<GenericRecord> rows = client.queryAll("SELECT * FROM t ORDER BY a");
        assertThat(rows).extracting(row -> row.getString("b")).containsExactly("one", "two");
        assertThatThrownBy(() -> client.queryAll("SELECT * FROM nowhere"))
                .hasRootCauseInstanceOf(ServerException.class);
    }

    @Test
    void theJavaClientMayCompressWhatItSends() throws Exception {
        ClickHouse handle = lease.handle();
        byte[] rows = IntStream.range(0, 200_000)
                .mapToObj(i -> i + ",row\n")
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
        try (Client client = new Client.Builder()
                .addEndpoint(handle.endpoint().toString())
                .setUsername(handle.user())
                .setPassword(handle.password().reveal())
                .setDefaultDatabase(handle.database())
                .compressClientRequest(true)
                .build()) {
            client.query("CREATE TABLE t (a UInt32, b String) ENGINE = MergeTree ORDER BY a")
                    .get(10, TimeUnit.SECONDS)
                    .close();
            client.insert("t", new ByteArrayInputStream(rows), ClickHouseFormat.CSV)
                    .get(60, TimeUnit.SECONDS)
                    .close();
            assertThat(client.queryAll("SELECT count() AS c, sum(a) AS s FROM t WHERE b = 'row'"))
                    .singleElement()
                    .satisfies(row -> assertThat(row.getLong("c")).isEqualTo(200_000))
                    .satisfies(row -> assertThat(row.getLong("s")).isEqualTo(199_999L * 100_000));
        }
    }

    @Test
    void threadsShareAPoolOfConnections() throws Exception {
        var config = new HikariConfig();
        config.setDataSource(lease.handle().dataSource());
        config.setMaximumPoolSize(4);
        try (var pool = new HikariDataSource(config)) {
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE t (a UInt32) ENGINE = MergeTree ORDER BY a");
            }
            Together.run(8, thread -> {
                for (int i = thread * 20; i < thread * 20 + 20; i++) {
                    try (Connection connection = pool.getConnection();
                            Statement statement = connection.createStatement()) {
                        statement.execute("INSERT INTO t VALUES (" + i + ")");
                        assertThat(one(statement, "SELECT a FROM t WHERE a = " + i))
                                .containsExactly(Integer.toString(i));
                    }
                }
            });
            try (Connection connection = pool.getConnection();
                    Statement statement = connection.createStatement()) {
                assertThat(one(statement, "SELECT count(), countDistinct(a) FROM t"))
                        .containsExactly("160", "160");
            }
        }
    }

    @Test
    void settlingWaitsForMutationsAndAsynchronousInserts() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE t (a Int32, b Int32) ENGINE = MergeTree ORDER BY a");
            statement.execute("INSERT INTO t SELECT number, 0 FROM numbers(100000)");
            statement.execute(
                    "INSERT INTO t SETTINGS async_insert = 1, wait_for_async_insert = 0,"
                            + " async_insert_busy_timeout_ms = 60000, async_insert_use_adaptive_busy_timeout = 0 VALUES (-1, 0)");
            statement.execute("ALTER TABLE t UPDATE b = 1 WHERE a >= 0");

            lease.handle().settle(Duration.ofSeconds(20));

            assertThat(one(statement, "SELECT count(), sum(b) FROM t")).containsExactly("100001", "100000");
        }
    }

    @Test
    void fiftyTestsAtOnceKeepToTheirDatabases() throws Exception {
        try (Bench<ClickHouse> crowd = Bench.open(
                new ClickHouseService(),
                server,
                ClickHouseService.DATABASE,
                ClickHouseServers.settings(50, Map.of()))) {
            var barrier = new CyclicBarrier(50);
            Together.run(50, thread -> {
                try (Lease<ClickHouse> mine = crowd.pool().lease("thread " + thread);
                        Connection connection = mine.handle().dataSource().getConnection();
                        Statement statement = connection.createStatement()) {
                    barrier.await(60, TimeUnit.SECONDS);
                    statement.execute("CREATE TABLE t (a Int32) ENGINE = MergeTree ORDER BY a");
                    statement.execute("INSERT INTO t VALUES (" + thread + ")");
                    barrier.await(60, TimeUnit.SECONDS);
                    assertThat(one(statement, "SELECT toString(groupArray(a)), currentDatabase() FROM t"))
                            .containsExactly("[" + thread + "]", mine.handle().database());
                }
            });
        }
    }

    @Test
    void biggestIntegersKeepTheirDigits() throws SQLException {
        try (Connection connection = connection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT bitShiftLeft(toUInt256(1), 210) AS v")) {
            row.next();
            assertThat(row.getObject("v")).isEqualTo(BigInteger.TWO.pow(210));
        }
    }

    private Connection connection() throws SQLException {
        return lease.handle().dataSource().getConnection();
    }

    /** As a person would write a value down, whatever the driver makes of it. */
    private static String readable(Object value) throws SQLException {
        if (value instanceof java.sql.Array array) {
            return readable(array.getArray());
        }
        if (value instanceof double[] numbers) {
            return Arrays.toString(numbers);
        }
        if (value instanceof Object[] values) {
            var parts = new ArrayList<String>();
            for (Object part : values) {
                parts.add(readable(part));
            }
            return parts.toString();
        }
        if (value instanceof Map<?, ?> map) {
            var parts = new TreeMap<String, String>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                parts.put(readable(entry.getKey()), readable(entry.getValue()));
            }
            return parts.toString();
        }
        return String.valueOf(value);
    }

    private static List<String> one(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            var values = new ArrayList<String>();
            for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                values.add(row.getString(i));
            }
            return values;
        }
    }
}
