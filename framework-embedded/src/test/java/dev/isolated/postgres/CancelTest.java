package dev.isolated.postgres;

import static java.lang.Thread.State.TERMINATED;
import static java.lang.Thread.State.TIMED_WAITING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.OwnThread;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** Whenever a cancel comes, it hurts at most the call that it was meant for. */
@ExtendWith(Sandboxes.class)
class CancelTest {

    private static final String CANCELLED = "57014";
    private static final int CALLS = 400;
    private static final int SLOW = 20;
    private static final String INSERT = "insert into thing select ? from pg_sleep(?)";

    @ParameterizedTest
    @ValueSource(strings = {"", "&preferQueryMode=simple", "&prepareThreshold=1"})
    void case20CancelAtAnyMomentHurtsAtMostOneCall(String mode, Postgres postgres) throws SQLException {
        try (Connection connection = Sandboxes.byUrl(postgres, mode);
                Connection other = postgres.connection()) {
            Sql.run(connection, Sql.TABLE);
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                List<String> kept = underCancels(insert, () -> insertedOneByOne(insert, other));

                assertThat(kept).hasSizeLessThan(CALLS);
                assertThat(Sql.list(other, "select id from thing where id > 0 order by id"))
                        .isEqualTo(kept);
            }
        }
    }

    /** Between its calls another connection runs, which nobody cancels. */
    private static List<String> insertedOneByOne(PreparedStatement insert, Connection other) throws SQLException {
        var kept = new ArrayList<String>();
        for (int id = 1; id <= CALLS; id++) {
            if (insert(insert, id)) {
                kept.add(Integer.toString(id));
            }
            Sql.run(other, "insert into thing values (" + -id + ")");
        }
        return kept;
    }

    @Test
    void case20CancelAtAnyMomentOfATransactionFailsThatOneOnly(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection()) {
            Sql.run(connection, Sql.TABLE);
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                List<String> kept = underCancels(insert, () -> insertedInPairs(insert));

                assertThat(kept).hasSizeLessThan(CALLS);
                assertThat(Sql.ids(connection)).isEqualTo(kept);
            }
            connection.rollback();
        }
    }

    private static List<String> insertedInPairs(PreparedStatement insert) throws SQLException {
        var kept = new ArrayList<String>();
        for (int id = 1; id <= CALLS; id += 2) {
            if (insert(insert, id) && insert(insert, id + 1)) {
                insert.getConnection().commit();
                kept.addAll(List.of(Integer.toString(id), Integer.toString(id + 1)));
            } else {
                insert.getConnection().rollback();
            }
        }
        return kept;
    }

    private static boolean insert(PreparedStatement insert, int id) throws SQLException {
        insert.setInt(1, id);
        insert.setDouble(2, id % SLOW == 0 ? 1 : 0);
        try {
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            assertThat(e.getSQLState()).as(e.getMessage()).isEqualTo(CANCELLED);
            return false;
        }
    }

    @Test
    void case20CancelOfOneThatWaitsFailsItsTransaction(Postgres postgres) throws Exception {
        try (Connection waiting = postgres.connection();
                Connection other = postgres.connection();
                Statement statement = waiting.createStatement()) {
            Sql.run(other, Sql.TABLE);
            waiting.setAutoCommit(false);
            statement.execute("insert into thing values (1)");
            other.setAutoCommit(false);
            Sql.run(other, "insert into thing values (2)");

            var result = OwnThread.supply(() -> Sql.state(() -> statement.execute("select 1")));
            while (!result.isDone()) {
                statement.cancel();
            }
            assertThat(result.join()).isEqualTo(CANCELLED);
            other.rollback();
            assertThat(Sql.state(() -> statement.execute("select 1"))).isEqualTo("25P02");
            waiting.rollback();

            assertThat(Sql.ids(waiting)).isEmpty();
        }
    }

    /** A driver that says "cancel" says so of a statement that it may not have sent yet. */
    @Test
    void case20CancelThatIsFasterThanItsStatementStrikesIt(Postgres postgres) throws Exception {
        try (Connection connection = postgres.connection()) {
            boolean struck = false;
            for (int attempt = 0; attempt < 50 && !struck; attempt++) {
                var cancel = new Thread(() ->
                        Sql.state(() -> connection.unwrap(PGConnection.class).cancelQuery()));
                cancel.start();
                while (cancel.getState() != TERMINATED && cancel.getState() != TIMED_WAITING) {
                    Thread.onSpinWait();
                }
                struck = CANCELLED.equals(Sql.state(() -> Sql.run(connection, "select pg_sleep(0.1)")));
                cancel.join();
            }
            assertThat(struck).isTrue();
        }
    }

    private interface Work {
        List<String> done() throws SQLException;
    }

    /** Another thread cancels as fast as it can, until the work is done. */
    private static List<String> underCancels(Statement victim, Work work) throws SQLException {
        var over = new AtomicBoolean();
        var cancels = OwnThread.run(() -> {
            while (!over.get()) {
                cancel(victim);
            }
        });
        try {
            return work.done();
        } finally {
            over.set(true);
            cancels.join();
        }
    }

    private static void cancel(Statement victim) {
        try {
            victim.cancel();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
