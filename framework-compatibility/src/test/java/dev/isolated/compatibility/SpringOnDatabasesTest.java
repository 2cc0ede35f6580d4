package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.junit.Isolated;
import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.transaction.TransactionDefinition;

/** What the sandbox refuses of Spring's propagation kinds, where the connections of a test are independent of each other. */
@ExtendWith(IsolatedEnvironmentExtension.class)
@Isolated(mode = "DATABASE")
class SpringOnDatabasesTest {

    @Test
    void case07RequiresNewIsKeptThoughTheOuterOneIsUndone(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outerRolledBack(() -> {
            shop.sell("outer");
            shop.in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> shop.sell("new"));
        });

        assertThat(shop.sold()).containsExactly("new");
    }

    @Test
    void case07RequiresNewDoesNotSeeWhatTheOuterOneHasWritten(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outer(() -> {
            shop.sell("outer");
            shop.in(
                    TransactionDefinition.PROPAGATION_REQUIRES_NEW,
                    () -> assertThat(shop.sold()).isEmpty());
        });

        assertThat(shop.sold()).containsExactly("outer");
    }

    @Test
    void case07NotSupportedIsKeptThoughTheOuterOneIsUndone(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outerRolledBack(() -> {
            shop.sell("outer");
            shop.in(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, () -> shop.sell("outside"));
        });

        assertThat(shop.sold()).containsExactly("outside");
    }
}
