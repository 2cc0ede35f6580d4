package dev.isolated.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(IsolatedEnvironmentExtension.class)
class FirstTest {

    @Test
    void aRequestThatIsSentTwiceIsOneOrder(Postgres postgres) throws Exception {
        var orders = new Orders(postgres.dataSource());
        orders.offer("tea", 350, 10);

        long first = orders.place("request-1", "ada", Map.of("tea", 2));
        long second = orders.place("request-1", "ada", Map.of("tea", 2));

        assertThat(second).isEqualTo(first);
    }
}
