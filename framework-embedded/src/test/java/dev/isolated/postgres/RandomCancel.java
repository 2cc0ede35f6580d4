package dev.isolated.postgres;

import dev.isolated.contract.OwnThread;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.postgresql.jdbc.PgStatement;

/** Calls that last until they are cancelled. Not thread-safe. */
final class RandomCancel {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final int TIMEOUT_MILLIS = 100;

    private final Random random;
    private final RandomSql sql;
    private final Postgres postgres;

    RandomCancel(Random random, RandomSql sql, Postgres postgres) {
        this.random = random;
        this.sql = sql;
        this.postgres = postgres;
    }

    /** By another thread, once the server is seen to sleep. */
    String byAnotherThread(Connection connection) throws SQLException {
        String text = sleeping();
        try (Statement statement = connection.createStatement();
                Connection observer = Sandboxes.bare(postgres)) {
            var outcome = new CompletableFuture<String>();
            var cancelling = OwnThread.run(() -> cancelOnceAsleep(statement, observer, outcome));
            outcome.complete(Outcome.of(statement, text));
            cancelling.join();
            return "cancelled " + text + ": " + outcome.join();
        }
    }

    /** A call that fails at once never sleeps. */
    private static void cancelOnceAsleep(Statement statement, Connection observer, CompletableFuture<String> outcome) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> outcome.isDone() || Sql.sleeps(observer));
        try {
            if (!outcome.isDone()) {
                statement.cancel();
            }
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    String byTimeout(Connection connection) throws SQLException {
        String text = sleeping();
        try (Statement statement = connection.createStatement()) {
            statement.unwrap(PgStatement.class).setQueryTimeoutMs(TIMEOUT_MILLIS);
            return "timed out " + text + ": " + Outcome.of(statement, text);
        }
    }

    private String sleeping() {
        String sleep = "select pg_sleep(20)";
        return switch (random.nextInt(3)) {
            case 0 -> sleep;
            case 1 -> sql.write() + "; " + sleep;
            default -> sleep + "; " + sql.any();
        };
    }
}
