package dev.isolated.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.junit.SharedEnvironment;
import dev.isolated.postgres.Postgres;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Data is prepared once, and every test starts from it, whatever the others have done to it. */
@SharedEnvironment(rewind = true)
class CatalogTest {

    private static Orders orders;

    @BeforeAll
    static void fillTheShelves(Postgres postgres) throws SQLException {
        orders = new Orders(postgres.dataSource());
        for (int number = 0; number < 1_000; number++) {
            orders.offer("good " + number, 100, 1);
        }
    }

    @Test
    void adaBuysTheLastOne() throws Exception {
        orders.place("request-1", "ada", Map.of("good 7", 1));
        assertThat(orders.stock("good 7")).isZero();
    }

    @Test
    void graceBuysTheSameOne() throws Exception {
        orders.place("request-1", "grace", Map.of("good 7", 1));
        assertThat(orders.stock("good 7")).isZero();
    }
}
