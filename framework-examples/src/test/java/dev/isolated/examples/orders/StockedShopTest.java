package dev.isolated.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.junit.Isolated;
import dev.isolated.junit.IsolatedTest;
import dev.isolated.postgres.Postgres;
import java.util.Map;

class StockedShopTest {

    @IsolatedTest
    void sellsFromStock(@Isolated(base = StockedShop.class) Postgres postgres) throws Exception {
        var orders = new Orders(postgres.dataSource());

        orders.place("request-1", "ada", Map.of("tea", 3));

        assertThat(orders.stock("tea")).isEqualTo(7);
    }
}
