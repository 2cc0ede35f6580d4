package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.transaction.TransactionDefinition;

/** Spring's propagation kinds that suspend an outer transaction which has written already, and use a second connection. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class SpringSuspensionTest {

    @Test
    void case07RequiresNewIsKeptWithTheOuterOne(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outer(() -> {
            shop.sell("outer");
            shop.in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> shop.sell("new"));
            shop.sell("outer again");
        });

        assertThat(shop.sold()).containsExactly("outer", "new", "outer again");
    }

    @Test
    void case07RequiresNewIsUndoneWithoutTheOuterOne(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outer(() -> {
            shop.sell("outer");
            assertThatThrownBy(() -> shop.in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> {
                        shop.sell("new");
                        throw new IllegalStateException("changed our mind");
                    }))
                    .hasMessage("changed our mind");
        });

        assertThat(shop.sold()).containsExactly("outer");
    }

    @Test
    void case07RequiresNewThatWouldSeeWhatTheOuterOneHasWrittenIsRefused(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outer(() -> {
            shop.sell("outer");
            assertThatThrownBy(() -> shop.in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, shop::sold))
                    .rootCause()
                    .hasMessageContaining("on a second connection of SpringSuspensionTest.")
                    .hasMessageContaining("@Isolated(mode = \"DATABASE\")");
        });

        assertThat(shop.sold()).containsExactly("outer");
    }
}
