package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.isolated.application.Application;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

@ExtendWith(Sandboxes.class)
class ThreadsTest {

    private static final String COPY = "copy (select generate_series(1, 200000)) to stdout";

    private final ExecutorService workers = Executors.newCachedThreadPool();

    @AfterEach
    void stopWorkers() throws InterruptedException {
        workers.shutdownNow();
        assertThat(workers.awaitTermination(5, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void case19EveryThreadAndEveryPoolIsInTheSameTransaction(Postgres postgres) throws Exception {
        var config = new HikariConfig();
        config.setDataSource(postgres.dataSource());
        try (var pool = new HikariDataSource(config)) {
            execute(pool.getConnection(), Sql.TABLE);
            var tasks = new ArrayList<Future<?>>();
            for (int worker = 0; worker < 6; worker++) {
                int first = worker * 100;
                tasks.add(workers.submit(() -> {
                    for (int id = first; id < first + 20; id++) {
                        insertInTransaction(pool, id);
                    }
                    return null;
                }));
            }
            for (Future<?> task : tasks) {
                task.get(20, TimeUnit.SECONDS);
            }
            try (Connection connection = pool.getConnection()) {
                assertThat(Sql.ids(connection)).hasSize(60);
            }
        }
    }

    @Test
    void case22StatementThatIsCancelledWhileItWaitsIsToldWhatForAndWhy(Postgres postgres) throws Exception {
        try (Connection outer = postgres.connection();
                Connection other = postgres.connection();
                Statement waits = other.createStatement()) {
            outer.setAutoCommit(false);
            Sql.run(outer, "select 'the other one'");
            var thread = new CompletableFuture<Thread>();
            Future<?> waiting = workers.submit(() -> {
                thread.complete(Thread.currentThread());
                return waits.execute("select 1");
            });
            Awaitility.await().until(() -> thread.join().getState() == Thread.State.TIMED_WAITING);
            waits.cancel();

            assertThat(catchThrowable(() -> waiting.get(5, TimeUnit.SECONDS)).getCause())
                    .isInstanceOfSatisfying(
                            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"))
                    .hasMessageContaining("has a transaction open, the latest of it: select 'the other one'")
                    .hasMessageContaining("the transactions of one test run one at a time")
                    .hasMessageContaining("needs @Isolated(mode = \"DATABASE\")");
            outer.rollback();
        }
    }

    @Test
    void case19ThreadsThatTheTestHasNotMadeAreInItToo(Postgres postgres) throws Exception {
        var asked = new CompletableFuture<String>();
        Future<String> server = workers.submit(() -> {
            try (Connection connection = postgres.connection()) {
                return Sql.one(connection, asked.get());
            }
        });
        execute(postgres.connection(), Sql.TABLE);
        assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> execute(postgres.connection(), "insert into thing values (0)"));
        IntStream.rangeClosed(1, 20).parallel().forEach(id -> insert(postgres, id));
        asked.complete("select count(*) from thing");

        assertThat(server.get(20, TimeUnit.SECONDS)).isEqualTo("21");
    }

    private static void insert(Postgres postgres, int id) {
        try {
            execute(postgres.connection(), "insert into thing values (" + id + ")");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void case19WhatATimeLimitLeavesInTheMidstOfATransactionIsUndone(Postgres postgres) throws SQLException {
        execute(postgres.connection(), Sql.TABLE);
        var interrupted = new CompletableFuture<Void>();
        assertThatThrownBy(() -> assertTimeoutPreemptively(Duration.ofMillis(50), () -> {
                    try (Connection connection = postgres.connection()) {
                        connection.setAutoCommit(false);
                        Sql.run(connection, "insert into thing values (1)", "select pg_sleep(0.2)");
                        new CountDownLatch(1).await();
                    } finally {
                        interrupted.complete(null);
                    }
                }))
                .hasMessageContaining("execution timed out");
        interrupted.join();

        try (Connection connection = postgres.connection()) {
            assertThat(Sql.ids(connection)).isEmpty();
        }
    }

    /** Odd ones are rolled back. */
    private static void insertInTransaction(HikariDataSource pool, int id) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Sql.run(connection, "insert into thing values (" + id + ")");
            if (id % 2 == 0) {
                connection.commit();
            } else {
                connection.rollback();
            }
        }
    }

    @Test
    void case20QueryTimeoutHurtsOnlyItsOwnCall(Postgres postgres) throws SQLException {
        try (Connection connection = postgres.connection();
                Statement slow = connection.createStatement()) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)");
            slow.setQueryTimeout(1);
            assertThat(Sql.state(() -> slow.execute("select pg_sleep(20)"))).isEqualTo("57014");

            assertThat(Sql.ids(connection)).containsExactly("1");
        }
    }

    @Test
    void case20CancelHitsOnlyItsOwnSession(Postgres postgres) throws Exception {
        try (Connection slow = postgres.connection();
                Connection other = postgres.connection();
                Statement sleeping = slow.createStatement();
                Statement waiting = other.createStatement()) {
            Sql.run(other, Sql.TABLE);
            Future<String> slept = workers.submit(() -> Sql.state(() -> sleeping.execute("select pg_sleep(20)")));
            Sql.awaitSleep(postgres);
            Future<String> waited = workers.submit(() -> Sql.state(() -> waiting.execute("select 1")));
            waiting.cancel();
            assertThat(waited.isDone() && waited.get().equals("no failure")).isFalse();
            assertThat(slept.isDone()).isFalse();
            sleeping.cancel();

            assertThat(slept.get(5, TimeUnit.SECONDS)).isEqualTo("57014");
            assertThat(waited.get(5, TimeUnit.SECONDS)).isIn("57014", "no failure");
            sleeping.cancel();
            assertThat(Sql.ids(slow)).isEmpty();
            assertThat(Sql.ids(other)).isEmpty();
        }
    }

    @Test
    void case20AbortedConnectionTakesOnlyItsOwnTransactionWithIt(Postgres postgres) throws Exception {
        try (Connection other = postgres.connection()) {
            Sql.run(other, Sql.TABLE, "insert into thing values (1)");
            Connection dying = postgres.connection();
            dying.setAutoCommit(false);
            Sql.run(dying, "insert into thing values (2)");
            Future<String> failure = workers.submit(() -> Sql.state(() -> Sql.run(dying, "select pg_sleep(20)")));
            Sql.awaitSleep(postgres);
            dying.abort(Runnable::run);

            assertThat(failure.get(5, TimeUnit.SECONDS)).isNotEqualTo("no failure");
            assertThat(Sql.ids(other)).containsExactly("1");
        }
    }

    @Test
    void case20NetworkTimeoutStaysWithItsConnection(Postgres postgres) throws SQLException {
        try (Connection other = postgres.connection()) {
            Sql.run(other, Sql.TABLE);
            Connection hasty = postgres.connection();
            hasty.setNetworkTimeout(Runnable::run, 150);
            assertThat(Sql.state(() -> Sql.run(hasty, "select pg_sleep(20)"))).startsWith("08");

            assertThat(hasty.isClosed()).isTrue();
            Sql.run(other, "select pg_sleep(0.3)");
            assertThat(Sql.ids(other)).isEmpty();
        }
    }

    @Test
    void case20InterruptedThreadGoesOnAsWithAnyDriver(Postgres postgres) throws SQLException {
        Connection connection = postgres.connection();
        try {
            Thread.currentThread().interrupt();
            Sql.run(connection, Sql.TABLE);
            assertThat(Sql.ids(connection)).isEmpty();
            connection.close();
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
    }

    @Test
    void case22WaitingForAnotherTransactionIsBoundedAndExplained() throws Exception {
        try (Environments environments = Sandboxes.environments(Map.of("isolated.postgres.turn-timeout", "600ms"));
                IsolatedEnvironment environment = Sandboxes.open(environments, "Shop.waits");
                Connection outer =
                        Application.open(environment.get(Postgres.class).dataSource());
                Connection inner = environment.get(Postgres.class).connection()) {
            outer.setAutoCommit(false);
            Sql.run(outer, "select  'password' , 'x'", "select\n1");
            Future<Throwable> failure = workers.submit(() -> catchThrowable(() -> Sql.ids(inner)));
            assertThat(failure.get(5, TimeUnit.SECONDS))
                    .hasMessageContaining("a connection of Shop.waits waited 600 ms in thread pool-")
                    .hasMessageContaining(
                            "which has a transaction open, the latest of it: select 1; that connection was"
                                    + " opened\n\tat ")
                    .hasMessageContaining("its thread " + Thread.currentThread().getName() + " is at\n\tat ")
                    .hasMessageContaining("raise isolated.postgres.turn-timeout")
                    .hasMessageContaining("Shop.waits needs @Isolated(mode = \"DATABASE\")")
                    .hasStackTraceContaining("ThreadsTest");
            outer.rollback();
        }
    }

    @Test
    void case22CopyOfTheSameThreadWouldHaveToEndFirst(Postgres postgres) throws Exception {
        try (Connection copying = Application.open(postgres.dataSource());
                Connection other = postgres.connection()) {
            CopyOut copy = copying.unwrap(PGConnection.class).getCopyAPI().copyOut(COPY);
            assertThatThrownBy(() -> Sql.run(other, "select 1"))
                    .hasMessageContaining("would wait for ever: another connection of the same thread runs a statement,"
                            + " the latest of it: " + COPY + "; that connection was opened\n\tat "
                            + Application.class.getName())
                    .hasMessageContaining("End first what the other connection does, such as a COPY.")
                    .hasMessageContaining("needs @Isolated(mode = \"DATABASE\")");
            while (copy.isActive()) {
                copy.readFromCopy();
            }

            assertThat(Sql.one(other, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void case22WhatTheSandboxAsksBetweenTwoStatementsIsAwaited(Postgres postgres) throws Exception {
        Sandbox sandbox = ((SandboxDataSource) postgres.dataSource()).sandbox();
        Thread owner = Thread.currentThread();
        try (Connection connection = postgres.connection()) {
            connection.setAutoCommit(false);
            Sql.run(connection, Sql.TABLE);
            var begun = new CountDownLatch(1);
            Future<Boolean> asked = workers.submit(() -> sandbox.turn().between(Duration.ofSeconds(5), () -> {
                begun.countDown();
                Awaitility.await().until(() -> owner.getState() == Thread.State.TIMED_WAITING);
            }));
            begun.await();

            assertThat(Sql.ids(connection)).isEmpty();
            assertThat(asked.get(5, TimeUnit.SECONDS)).isTrue();
            connection.rollback();
        }
    }

    /** However often others come back at once, each waits for about as many transactions as there are threads. */
    @Test
    void case22ThreadsGetTheirTurnInTheOrderInWhichTheyCame(Postgres postgres) throws Exception {
        int threads = 4;
        var done = new AtomicInteger();
        var longest = new AtomicInteger();
        var started = new CyclicBarrier(threads);
        var tasks = new ArrayList<Future<?>>();
        for (int worker = 0; worker < threads; worker++) {
            tasks.add(workers.submit(() -> {
                try (Connection connection = postgres.connection()) {
                    connection.setAutoCommit(false);
                    started.await();
                    for (int i = 0; i < 50; i++) {
                        int before = done.get();
                        Sql.run(connection, "select pg_sleep(0.002)");
                        longest.accumulateAndGet(done.getAndIncrement() - before, Math::max);
                        connection.commit();
                    }
                }
                return null;
            }));
        }
        for (Future<?> task : tasks) {
            task.get(20, TimeUnit.SECONDS);
        }
        assertThat(longest.get()).isLessThanOrEqualTo(3 * threads);
    }

    @Test
    void case20NetworkTimeoutHoldsWhileAnotherConnectionIsAwaited(Postgres postgres) throws Exception {
        try (Connection outer = postgres.connection()) {
            outer.setAutoCommit(false);
            Sql.run(outer, Sql.TABLE);
            Connection hasty = postgres.connection();
            hasty.setNetworkTimeout(Runnable::run, 100);
            Future<String> state = workers.submit(() -> Sql.state(() -> Sql.ids(hasty)));

            assertThat(state.get(5, TimeUnit.SECONDS)).isEqualTo("08006");
            assertThat(hasty.isClosed()).isTrue();
            Sql.run(outer, "insert into thing values (1)");
            outer.commit();
            assertThat(Sql.ids(outer)).containsExactly("1");
        }
    }

    @Test
    void case20InterruptDoesNotEndAWait(Postgres postgres) throws Exception {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            outer.setAutoCommit(false);
            Sql.run(outer, Sql.TABLE);
            var waits = new FutureTask<>(() -> Sql.state(() -> Sql.ids(inner)) + " " + Thread.interrupted());
            var thread = new Thread(waits);
            thread.start();
            Awaitility.await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
            thread.interrupt();
            Awaitility.await().pollDelay(Duration.ofMillis(20)).until(() -> !waits.isDone());
            outer.commit();

            assertThat(waits.get(5, TimeUnit.SECONDS)).isEqualTo("no failure true");
        }
    }

    @Test
    void case22WaitingEndsWhenTheOtherTransactionDoes(Postgres postgres) throws Exception {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            outer.setAutoCommit(false);
            Sql.run(outer, Sql.TABLE);
            Future<?> ids = workers.submit(() -> Sql.ids(inner));
            outer.commit();

            assertThat(ids.get(5, TimeUnit.SECONDS)).asString().isEqualTo("[]");
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (connection) {
            Sql.run(connection, sql);
        }
    }
}
