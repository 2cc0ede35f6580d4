package dev.isolated.benchmarks;

import org.springframework.jdbc.core.JdbcTemplate;

/** What each test of a suite does, whoever isolates it: every one of them inserts the same unique key. */
final class SmallTest {

    /** How many tests a suite has. */
    static final int TESTS = 500;

    private SmallTest() {}

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
