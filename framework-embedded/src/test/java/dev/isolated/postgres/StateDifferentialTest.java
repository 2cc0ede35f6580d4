package dev.isolated.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * Random programs on two connections, about what belongs to a connection or waits for a commit, do the same on a bare
 * server and in a sandbox.
 */
@Tag("long")
class StateDifferentialTest {

    private static final int STEPS = 30;

    private static final String[] TABLES = {
        "create table parent (id int primary key)",
        "create table child (parent int constraint late references parent deferrable initially deferred,"
                + " other int constraint soon references parent deferrable)",
        function("a"),
        function("b")
    };

    private static final String[] TEXTS = {
        "insert into parent values (%d)",
        "insert into parent values (%d)",
        "delete from parent where id = %d",
        "insert into child values (%d)",
        "insert into child values (%d)",
        "insert into child values (null, %d)",
        "delete from child where parent = %d",
        "set constraints all deferred",
        "set constraints all immediate",
        "set constraints soon deferred",
        "set app.x = 's%d'",
        "set local app.x = 'l%d'",
        "select set_config('app.x', 'c%d', true)",
        "select set_config('app.x', 'd%d', false)",
        "reset app.x",
        "reset all",
        "discard all",
        "set work_mem = '%dMB'",
        "set local work_mem = '1%dMB'",
        "set default_transaction_read_only = on",
        "set default_transaction_read_only = off",
        "begin",
        "commit",
        "commit and chain",
        "rollback",
        "savepoint s",
        "rollback to s",
        "release s",
        "select 1/0",
        "create temp table brief on commit drop as select %d as i",
        "create temp table work (i int) on commit delete rows",
        "insert into work values (%d)",
        "select i from work",
        "select i from brief",
        "set local app.x = 'm%d'; select current_setting('app.x', true)",
        "insert into child values (%d); insert into parent values (%<d)",
        "create temp table staged_@ (i int)",
        "create temp table staged_@ as select %d as i; insert into staged_@ values (%d)",
        "create temp view seen_@ as select i from staged_@",
        "insert into staged_@ values (%d)",
        "select i from staged_@ order by i",
        "select i from seen_@ order by i",
        "drop table staged_@ cascade",
        "select brief_@(%d)",
        "select i from called_@",
        "discard temp",
        "prepare p_@ as select id from parent where id > %d order by id",
        "execute p_@",
        "prepare p_@ as select %d; execute p_@; deallocate p_@",
        "deallocate p_@",
        "deallocate all",
    };

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=extended", "preferQueryMode=simple"})
    void programsDoTheSameInASandboxAsOnABareServer(String mode) throws SQLException {
        new Differential(mode, StateDifferentialTest::run, "drop table child, parent; drop function brief_a, brief_b")
                .compare(Differential.PROGRAMS / 2);
    }

    private static String function(String tag) {
        return "create function brief_" + tag
                + "(n int) returns bigint language plpgsql as $$ begin create temp table called_" + tag
                + " on commit drop as select n as i; return (select sum(i) from called_" + tag + "); end $$";
    }

    static List<String> run(long seed, Route route, Postgres postgres) throws SQLException {
        var program = new Program(seed, route);
        try {
            return program.run();
        } finally {
            program.current.close();
            program.other.close();
        }
    }

    private static final class Program {

        private final Random random;
        private final List<String> seen = new ArrayList<>();
        private final Route route;
        private Connection current;
        private Connection other;
        private boolean first = true;

        Program(long seed, Route route) throws SQLException {
            random = new Random(seed);
            this.route = route;
            current = route.open();
            other = route.open();
        }

        List<String> run() throws SQLException {
            Sql.run(current, TABLES);
            for (int step = 0; step < STEPS; step++) {
                take(TEXTS[random.nextInt(TEXTS.length)]);
                if (random.nextInt(12) == 0) {
                    current.close();
                    current = route.open();
                }
                if (random.nextInt(3) == 0 && idle()) {
                    swap();
                }
            }
            Sql.run(current, "rollback");
            return seen;
        }

        /** Temporary tables of one connection are seen by the others. */
        private boolean documentedToDiffer(String text) {
            return !first && text.matches(".*\\b(work|brief)\\b.*");
        }

        private void take(String text) {
            String filled =
                    String.format(text, random.nextInt(4), random.nextInt(4)).replace('@', first ? 'a' : 'b');
            String sql = documentedToDiffer(text) ? "select 1" : filled;
            try {
                seen.add(sql + " -> " + answer(sql));
            } catch (SQLException e) {
                seen.add(sql + " -> " + e.getSQLState());
            }
            try {
                seen.add(answer("select coalesce(current_setting('app.x', true), ''), current_setting('work_mem'),"
                        + " current_setting('default_transaction_read_only')"));
            } catch (SQLException e) {
                seen.add(e.getSQLState());
            }
        }

        private String answer(String sql) throws SQLException {
            try (Statement statement = current.createStatement()) {
                if (!statement.execute(sql)) {
                    return "count " + statement.getUpdateCount();
                }
                var rows = new StringBuilder("rows");
                try (ResultSet result = statement.getResultSet()) {
                    while (result.next()) {
                        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                            rows.append(' ').append(result.getString(column));
                        }
                    }
                }
                return rows.toString();
            }
        }

        private boolean idle() throws SQLException {
            return current.unwrap(BaseConnection.class).getTransactionState() == TransactionState.IDLE;
        }

        private void swap() {
            Connection next = other;
            other = current;
            current = next;
            first = !first;
        }
    }
}
