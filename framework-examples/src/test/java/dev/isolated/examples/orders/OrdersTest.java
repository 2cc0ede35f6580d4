package dev.isolated.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every test has the whole database to itself: all of them use the same keys, all at the same time. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class OrdersTest {

    private Orders orders;

    @BeforeEach
    void stockTheShop(Postgres postgres) throws SQLException {
        orders = new Orders(postgres.dataSource());
        orders.offer("tea", 350, 10);
        orders.offer("cup", 900, 1);
    }

    @Test
    void placesAnOrder() throws Exception {
        orders.place("request-1", "ada", Map.of("tea", 2, "cup", 1));

        assertThat(orders.total("ada")).isEqualTo(2 * 350 + 900);
        assertThat(orders.stock("tea")).isEqualTo(8);
    }

    @Test
    void aRequestThatIsSentTwiceIsOneOrder() throws Exception {
        long first = orders.place("request-1", "ada", Map.of("tea", 2));
        long second = orders.place("request-1", "ada", Map.of("tea", 2));

        assertThat(second).isEqualTo(first);
        assertThat(orders.count("ada")).isEqualTo(1);
        assertThat(orders.stock("tea")).isEqualTo(8);
    }

    @Test
    void anOrderThatCannotBeFilledLeavesNothingBehind() throws Exception {
        assertThatThrownBy(() -> orders.place("request-1", "ada", Map.of("cup", 1, "tea", 11)))
                .isInstanceOf(OutOfStockException.class)
                .hasMessage("not enough of tea in stock");

        assertThat(orders.count("ada")).isZero();
        assertThat(orders.stock("cup")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void refusesQuantitiesThatMakeNoSense(int quantity) {
        assertThatThrownBy(() -> orders.place("request-1", "ada", Map.of("tea", quantity)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("{tea=" + quantity + "}");
    }

    @RepeatedTest(5)
    void theLastCupIsSoldOnce() throws Exception {
        ExecutorService customers = Executors.newFixedThreadPool(2);
        try {
            List<Boolean> sold =
                    Stream.of("ada", "grace").map(customer -> customers.submit(buyCup(customer))).toList().stream()
                            .map(OrdersTest::outcome)
                            .toList();

            assertThat(sold).containsExactlyInAnyOrder(true, false);
            assertThat(orders.stock("cup")).isZero();
        } finally {
            customers.shutdown();
        }
    }

    private Callable<Boolean> buyCup(String customer) {
        return () -> {
            try {
                orders.place("request of " + customer, customer, Map.of("cup", 1));
                return true;
            } catch (OutOfStockException e) {
                return false;
            }
        };
    }

    private static boolean outcome(Future<Boolean> purchase) {
        try {
            return purchase.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError(e);
        }
    }
}
