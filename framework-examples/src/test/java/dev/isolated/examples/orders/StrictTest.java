package dev.isolated.examples.orders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A class whose tests fail when they leave a connection open. */
class StrictTest {

    @RegisterExtension
    static final IsolatedEnvironmentExtension EXTENSION =
            IsolatedEnvironmentExtension.builder().set("isolated.leaks", "fail").build();

    @Test
    void ordersCloseWhatTheyOpen(Postgres postgres) throws Exception {
        var orders = new Orders(postgres.dataSource());
        orders.offer("tea", 350, 10);

        assertThat(orders.stock("tea")).isEqualTo(10);
    }
}
