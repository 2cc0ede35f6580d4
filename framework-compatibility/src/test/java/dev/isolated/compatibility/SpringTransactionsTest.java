package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.IllegalTransactionStateException;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.UnexpectedRollbackException;

/** Spring's propagation kinds, as long as one transaction is open at a time; all but the first are within an outer one. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class SpringTransactionsTest {

    @Test
    void case25RequiredCommitsOrRollsBack(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.in(TransactionDefinition.PROPAGATION_REQUIRED, () -> shop.sell("kept"));
        assertThatThrownBy(() -> shop.in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
                    shop.sell("undone");
                    shop.sell("kept");
                }))
                .isInstanceOf(DuplicateKeyException.class);

        assertThat(shop.sold()).containsExactly("kept");
    }

    @Test
    void case25RequiredJoinsAndItsFailureIsTheOuterOnes(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());

        assertThatThrownBy(() -> shop.outer(() -> {
                    shop.sell("outer");
                    assertThatThrownBy(() -> shop.in(TransactionDefinition.PROPAGATION_REQUIRED, () -> {
                                shop.sell("inner");
                                throw new IllegalStateException("changed our mind");
                            }))
                            .hasMessage("changed our mind");
                }))
                .isInstanceOf(UnexpectedRollbackException.class);
        assertThat(shop.sold()).isEmpty();
    }

    @Test
    void case25SupportsJoinsOrRunsWithout(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.in(TransactionDefinition.PROPAGATION_SUPPORTS, () -> shop.sell("alone"));
        shop.outerRolledBack(() -> shop.in(TransactionDefinition.PROPAGATION_SUPPORTS, () -> shop.sell("joined")));

        assertThat(shop.sold()).containsExactly("alone");
    }

    @Test
    void case25MandatoryJoinsOrFails(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outer(() -> shop.in(TransactionDefinition.PROPAGATION_MANDATORY, () -> shop.sell("joined")));

        assertThatThrownBy(() -> shop.in(TransactionDefinition.PROPAGATION_MANDATORY, () -> shop.sell("alone")))
                .isInstanceOf(IllegalTransactionStateException.class);
        assertThat(shop.sold()).containsExactly("joined");
    }

    @Test
    void case25NeverRunsWithoutOrFails(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.in(TransactionDefinition.PROPAGATION_NEVER, () -> shop.sell("alone"));

        assertThatThrownBy(() ->
                        shop.outer(() -> shop.in(TransactionDefinition.PROPAGATION_NEVER, () -> shop.sell("joined"))))
                .isInstanceOf(IllegalTransactionStateException.class);
        assertThat(shop.sold()).containsExactly("alone");
    }

    @Test
    void case25NestedIsUndoneAlone(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outer(() -> {
            shop.sell("outer");
            assertThatThrownBy(() -> shop.in(TransactionDefinition.PROPAGATION_NESTED, () -> {
                        shop.sell("inner");
                        shop.sell("outer");
                    }))
                    .isInstanceOf(DuplicateKeyException.class);
            shop.in(TransactionDefinition.PROPAGATION_NESTED, () -> shop.sell("second inner"));
        });

        assertThat(shop.sold()).containsExactly("outer", "second inner");
    }

    @Test
    void case25NotSupportedRunsWithout(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outerRolledBack(() -> {
            shop.in(TransactionDefinition.PROPAGATION_NOT_SUPPORTED, () -> shop.sell("outside"));
            shop.sell("inside");
        });

        assertThat(shop.sold()).containsExactly("outside");
    }

    @Test
    void case25RequiresNewAfterAnOuterOneThatHasNotBegunToSpeak(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());
        shop.outerRolledBack(() -> {
            shop.in(TransactionDefinition.PROPAGATION_REQUIRES_NEW, () -> shop.sell("new"));
            shop.sell("outer");
        });

        assertThat(shop.sold()).containsExactly("new");
    }

    @Test
    void case25AReadOnlyTransactionCannotWrite(Postgres postgres) {
        var shop = new SpringShop(postgres.dataSource());

        assertThatThrownBy(() -> shop.readOnly(() -> shop.sell("forbidden")))
                .hasRootCauseMessage("ERROR: cannot execute INSERT in a read-only transaction");
        shop.outer(() -> shop.sell("allowed"));
        assertThat(shop.sold()).containsExactly("allowed");
    }

    @Test
    void case25ThreadsSellAtTheSameTime(Postgres postgres) throws Exception {
        var shop = new SpringShop(postgres.dataSource());
        Threads.times(12, number -> shop.outer(() -> shop.sell("item " + number)));

        assertThat(shop.sold())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 12)
                        .mapToObj(number -> "item " + number)
                        .toList());
    }
}
