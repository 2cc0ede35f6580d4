package dev.isolated.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.isolated.junit.IsolatedTest;
import dev.isolated.postgres.Postgres;
import java.util.Map;

/** The service as it runs in production, behind its own connection pool that is configured with a URL. */
class OrdersBehindAPoolTest {

    @IsolatedTest
    void worksBehindItsPool(Postgres postgres) throws Exception {
        var config = new HikariConfig();
        config.setJdbcUrl(postgres.jdbcUrl());
        config.setUsername(postgres.user());
        config.setPassword(postgres.password().reveal());
        try (var pool = new HikariDataSource(config)) {
            var orders = new Orders(pool);
            orders.offer("tea", 350, 10);

            orders.place("request-1", "ada", Map.of("tea", 3));

            assertThat(orders.stock("tea")).isEqualTo(7);
        }
    }
}
