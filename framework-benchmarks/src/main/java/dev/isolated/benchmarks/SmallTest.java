package dev.isolated.benchmarks;

import java.util.stream.IntStream;
import org.springframework.jdbc.core.JdbcTemplate;

/** What each test of a suite does, whoever isolates it: every one of them inserts the same unique key. */
final class SmallTest {

    /** How many tests a suite has, unless its JVM is told otherwise by {@link #COUNT}. */
    static final int TESTS = 500;

    static final String COUNT = "suite.tests";

    /** Names {@link #numbers} for {@code @MethodSource}. */
    static final String NUMBERS = "dev.isolated.benchmarks.SmallTest#numbers";

    private SmallTest() {}

    /** One for each test of the suite. */
    static IntStream numbers() {
        return IntStream.rangeClosed(1, Integer.getInteger(COUNT, TESTS));
    }

    static void run(JdbcTemplate jdbc) {
        jdbc.update("INSERT INTO customer (email) VALUES (?)", "ada@example.org");
        Long customer = jdbc.queryForObject("SELECT id FROM customer WHERE email = ?", Long.class, "ada@example.org");
        for (int cents = 100; cents <= 300; cents += 100) {
            jdbc.update("INSERT INTO purchase (customer, cents) VALUES (?, ?)", customer, cents);
        }
        jdbc.update("UPDATE purchase SET cents = cents * 2 WHERE customer = ?", customer);
        Long total = jdbc.queryForObject("SELECT sum(cents) FROM purchase", Long.class);
        if (total == null || total != 1200) {
            throw new BenchmarkFailure("another test's rows are in the sum: " + total);
        }
    }
}
