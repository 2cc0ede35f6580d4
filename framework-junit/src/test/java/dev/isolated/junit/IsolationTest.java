package dev.isolated.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.error.LeaseEndedException;
import dev.isolated.postgres.Postgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.testkit.engine.EngineExecutionResults;

/** Tests that run at the same time, tests that misbehave, and servers that die. */
class IsolationTest {

    @Test
    void concurrentTestsInsertTheSameKeyAndNoneWaitsForAnother() {
        NeighboursTestCase.together = new CyclicBarrier(4);

        Runs.runConcurrently(NeighboursTestCase.class, Map.of())
                .testEvents()
                .assertStatistics(it -> it.started(4).succeeded(4));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class NeighboursTestCase {

        static CyclicBarrier together;

        @RepeatedTest(4)
        void insertsTheSameKey(Postgres postgres) throws Exception {
            try (Connection connection = postgres.connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE account (id integer PRIMARY KEY)");
                statement.execute("INSERT INTO account VALUES (1)");
                together.await(10, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void aHandleThatIsUsedTooLateNamesItsTest() {
        Runs.run(LateTestCase.class)
                .testEvents()
                .assertStatistics(it -> it.started(1).succeeded(1));

        assertThatThrownBy(LateTestCase.kept::dataSource)
                .isInstanceOf(LeaseEndedException.class)
                .hasMessageContaining("a handle that belonged to IsolationTest.LateTestCase.keepsItsHandle");
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class LateTestCase {

        static Postgres kept;

        @Test
        void keepsItsHandle(Postgres postgres) {
            kept = postgres;
        }
    }

    @Test
    void whatIsLeftOpenFailsTheTestWhereThatIsWanted() {
        EngineExecutionResults results = Runs.run(LeakingTestCase.class);

        results.testEvents().assertStatistics(it -> it.started(1).failed(1));
        assertThat(Runs.failures(results))
                .anySatisfy(message -> assertThat(message)
                        .contains("Could not end IsolationTest.LeakingTestCase.leavesAConnectionOpen cleanly")
                        .contains("a connection opened")
                        .contains("IsolationTest.java"));
    }

    static class LeakingTestCase {

        @RegisterExtension
        static final IsolatedEnvironmentExtension EXTENSION = IsolatedEnvironmentExtension.builder()
                .set("isolated.leaks", "fail")
                .build();

        @Test
        @SuppressWarnings("MustBeClosed")
        void leavesAConnectionOpen(Postgres postgres) throws SQLException {
            assertThat(postgres.connection().isValid(1)).isTrue();
        }
    }

    @Test
    void anExhaustedPoolSaysWhoHoldsItAndWhatToDo() {
        ExhaustedTestCase.oneHasFailed = new CountDownLatch(1);
        EngineExecutionResults results = Runs.runConcurrently(
                ExhaustedTestCase.class, Map.of("isolated.environments.max", "1", "isolated.lease.timeout", "5s"));

        results.testEvents().assertStatistics(it -> it.started(2).succeeded(1).failed(1));
        assertThat(Runs.failures(results))
                .anySatisfy(message -> assertThat(message)
                        .contains("Could not lease a slice of postgres for IsolationTest.ExhaustedTestCase.")
                        .contains("expected one of 1 within 5000 ms")
                        .contains("1 leased")
                        .contains("held by: IsolationTest.ExhaustedTestCase.")
                        .contains("raise isolated.environments.max or isolated.lease.timeout"));
    }

    @ExtendWith({IsolatedEnvironmentExtension.class, ExhaustedTestCase.FailureWatcher.class})
    static class ExhaustedTestCase {

        static CountDownLatch oneHasFailed;

        @RepeatedTest(2)
        void holdsItUntilTheOtherHasFailed(Postgres postgres) throws InterruptedException {
            assertThat(oneHasFailed.await(30, TimeUnit.SECONDS)).isTrue();
        }

        static class FailureWatcher implements TestWatcher {

            @Override
            public void testFailed(ExtensionContext context, Throwable cause) {
                oneHasFailed.countDown();
            }
        }
    }

    @Test
    void aServerThatDiesInTheMiddleFailsTheTestAndTheNextWithTheReason(@TempDir Path directory) throws IOException {
        DyingServerTestCase.servers = ServerProcesses.in(directory);
        EngineExecutionResults results = Runs.run(DyingServerTestCase.class, DyingServerTestCase.servers.settings());

        results.testEvents().assertStatistics(it -> it.started(2).failed(2));
        List<String> failures = Runs.failures(results);
        assertThat(failures)
                .anySatisfy(message -> assertThat(message)
                        .contains("Could not roll back what IsolationTest.DyingServerTestCase.")
                        .contains("the server closed the connection beneath the sandbox"));
        assertThat(failures)
                .anySatisfy(message -> assertThat(message).contains("its processes have ended; its last words: "));
    }

    @ExtendWith(IsolatedEnvironmentExtension.class)
    static class DyingServerTestCase {

        static ServerProcesses servers;

        @RepeatedTest(2)
        void killsItsServer(Postgres postgres) throws SQLException {
            try (Connection connection = postgres.connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE lost (id integer)");
                servers.running().forEach(ServerProcesses::killAndWait);
                statement.execute("INSERT INTO lost VALUES (1)");
            }
        }
    }
}
