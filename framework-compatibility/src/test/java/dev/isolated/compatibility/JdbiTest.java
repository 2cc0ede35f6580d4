package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jdbi over the test's DataSource. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class JdbiTest {

    @Test
    void case25ATransactionIsKeptOrUndoneAsOne(Postgres postgres) {
        Jdbi jdbi = jdbi(postgres);
        jdbi.useTransaction(handle -> add(handle, 1));

        assertThatThrownBy(() -> jdbi.useTransaction(handle -> {
                    add(handle, 2);
                    add(handle, 1);
                }))
                .isInstanceOf(UnableToExecuteStatementException.class);

        assertThat(ids(jdbi)).containsExactly(1);
    }

    @Test
    void case25ASavepointIsGoneBackTo(Postgres postgres) {
        Jdbi jdbi = jdbi(postgres);
        jdbi.useTransaction(handle -> {
            add(handle, 1);
            handle.savepoint("here");
            add(handle, 2);
            handle.rollbackToSavepoint("here");
            add(handle, 3);
        });

        assertThat(ids(jdbi)).containsExactly(1, 3);
    }

    @Test
    void case25ABatchIsWrittenAndAStreamReadAsItGoes(Postgres postgres) {
        Jdbi jdbi = jdbi(postgres);
        jdbi.useHandle(handle -> {
            var batch = handle.prepareBatch("insert into item values (:id)");
            IntStream.rangeClosed(1, 200).forEach(id -> batch.bind("id", id).add());
            assertThat(batch.execute()).hasSize(200);
        });

        int sum = jdbi.inTransaction(handle -> handle.createQuery("select id from item")
                .setFetchSize(10)
                .mapTo(Integer.class)
                .reduce(0, Integer::sum));

        assertThat(sum).isEqualTo(20_100);
    }

    private static Jdbi jdbi(Postgres postgres) {
        var jdbi = Jdbi.create(postgres.dataSource());
        jdbi.useHandle(handle -> handle.execute("create table item (id int primary key)"));
        return jdbi;
    }

    private static void add(Handle handle, int id) {
        handle.execute("insert into item values (?)", id);
    }

    private static List<Integer> ids(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("select id from item order by id")
                .mapTo(Integer.class)
                .list());
    }
}
