package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;
import static org.jooq.impl.SQLDataType.INTEGER;
import static org.jooq.impl.SQLDataType.VARCHAR;

import dev.isolated.junit.IsolatedEnvironmentExtension;
import dev.isolated.postgres.Postgres;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jooq.impl.DSL;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** jOOQ over the test's DataSource. */
@ExtendWith(IsolatedEnvironmentExtension.class)
class JooqTest {

    private static final Table<Record> ITEM = table(name("item"));
    private static final Field<Integer> ID = field(name("id"), INTEGER.notNull());
    private static final Field<String> NAME = field(name("name"), VARCHAR);

    @Test
    void case25ATransactionIsKeptOrUndoneAsOne(Postgres postgres) {
        DSLContext jooq = jooq(postgres);
        jooq.transaction(inner -> insert(inner.dsl(), 1));

        assertThatThrownBy(() -> jooq.transaction(inner -> {
                    insert(inner.dsl(), 2);
                    insert(inner.dsl(), 1);
                }))
                .isInstanceOf(IntegrityConstraintViolationException.class);

        assertThat(ids(jooq)).containsExactly(1);
    }

    @Test
    void case25ANestedTransactionIsASavepoint(Postgres postgres) {
        DSLContext jooq = jooq(postgres);
        jooq.transaction(outer -> {
            insert(outer.dsl(), 1);
            assertThatThrownBy(() -> outer.dsl().transaction(inner -> {
                        insert(inner.dsl(), 2);
                        insert(inner.dsl(), 1);
                    }))
                    .isInstanceOf(IntegrityConstraintViolationException.class);
            outer.dsl().transaction(inner -> insert(inner.dsl(), 3));
        });

        assertThat(ids(jooq)).containsExactly(1, 3);
    }

    @Test
    void case25ABatchIsWritten(Postgres postgres) {
        DSLContext jooq = jooq(postgres);

        int[] counts = jooq.batch(IntStream.range(0, 50)
                        .mapToObj(id -> jooq.insertInto(ITEM, ID).values(id))
                        .toList())
                .execute();

        assertThat(counts).hasSize(50).containsOnly(1);
        assertThat(ids(jooq)).hasSize(50);
    }

    @Test
    void case25ALazyFetchReadsAsItGoes(Postgres postgres) {
        DSLContext jooq = jooq(postgres);
        jooq.execute("insert into item select generate_series(1, 1000)");

        List<Integer> read = jooq.transactionResult(inner -> {
            var ids = new ArrayList<Integer>();
            try (Cursor<Record1<Integer>> rows =
                    inner.dsl().select(ID).from(ITEM).orderBy(ID).fetchSize(10).fetchLazy()) {
                while (rows.hasNext() && ids.size() < 25) {
                    ids.add(rows.fetchNext().value1());
                }
            }
            return ids;
        });

        assertThat(read).hasSize(25).endsWith(25);
    }

    @Test
    void case25ReturningAndUpsertAnswerAsTheServer(Postgres postgres) {
        DSLContext jooq = jooq(postgres);
        insert(jooq, 1);

        String name = jooq.insertInto(ITEM, ID, NAME)
                .values(1, "again")
                .onConflict(ID)
                .doUpdate()
                .set(NAME, "again")
                .returningResult(NAME)
                .fetchOne(NAME);

        assertThat(name).isEqualTo("again");
    }

    private static DSLContext jooq(Postgres postgres) {
        DSLContext jooq = DSL.using(postgres.dataSource(), SQLDialect.POSTGRES);
        jooq.createTable(ITEM).column(ID).column(NAME).primaryKey(ID).execute();
        return jooq;
    }

    private static void insert(DSLContext jooq, int id) {
        jooq.insertInto(ITEM, ID).values(id).execute();
    }

    private static List<Integer> ids(DSLContext jooq) {
        return jooq.select(ID).from(ITEM).orderBy(ID).fetch(ID);
    }
}
