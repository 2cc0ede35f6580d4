package dev.isolated.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.junit.Isolated;
import dev.isolated.junit.SharedEnvironment;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tests that only read share data that was prepared once. */
@SharedEnvironment
class SalesReportTest {

    private static Orders orders;

    @BeforeAll
    static void sellSomething(@Isolated DataSource database) throws SQLException, OutOfStockException {
        orders = new Orders(database);
        orders.offer("tea", 350, 100);
        orders.place("request-1", "ada", Map.of("tea", 1));
        orders.place("request-2", "ada", Map.of("tea", 2));
        orders.place("request-3", "grace", Map.of("tea", 3));
    }

    @Test
    void countsTheOrdersOfACustomer() throws SQLException {
        assertThat(orders.count("ada")).isEqualTo(2);
    }

    @Test
    void addsUpWhatACustomerHasSpent() throws SQLException {
        assertThat(orders.total("grace")).isEqualTo(3 * 350);
    }
}
