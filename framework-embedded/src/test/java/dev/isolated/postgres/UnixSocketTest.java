package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An embedded server is reached by its Unix domain socket, which must behave as any other socket does. */
@ExtendWith(Sandboxes.class)
class UnixSocketTest {

    private static final String CLIENT = "SELECT coalesce(inet_client_addr()::text, 'none')";
    private static final int LARGE = 3_000_000;

    @Test
    void onlyTheSandboxIsReachedByIt(Postgres postgres) throws Exception {
        try (Connection sandboxed = postgres.connection();
                Connection bare = Sandboxes.bare(postgres)) {
            assertThat(Sql.one(sandboxed, CLIENT)).isEqualTo("none");
            assertThat(Sql.one(bare, CLIENT)).startsWith("127.0.0.1");
        }
    }

    @Test
    void whatIsLargerThanAnyBufferGoesBothWays(Postgres postgres) throws Exception {
        String large = "x".repeat(LARGE);
        try (Connection connection = postgres.connection();
                PreparedStatement echo = connection.prepareStatement("SELECT ?")) {
            echo.setString(1, large);
            try (ResultSet rows = echo.executeQuery()) {
                rows.next();
                assertThat(rows.getString(1).equals(large)).isTrue();
            }
        }
    }

    @Test
    void anInterruptNeitherEndsAStatementNorIsLost(Postgres postgres) throws Exception {
        try (Connection connection = postgres.connection();
                Connection observer = Sandboxes.bare(postgres)) {
            var sleeper = new FutureTask<>(() -> {
                Sql.one(connection, "SELECT pg_sleep(1)");
                return Thread.interrupted();
            });
            var thread = new Thread(sleeper);
            thread.start();
            Sql.awaitSleep(observer);
            thread.interrupt();

            assertThat(sleeper.get(10, TimeUnit.SECONDS)).isTrue();
            assertThat(Sql.one(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void aThreadThatIsInterruptedAlreadyMayExecuteStatements(Postgres postgres) throws Exception {
        try (Connection connection = postgres.connection()) {
            Thread.currentThread().interrupt();
            String answer = Sql.one(connection, "SELECT 1");

            assertThat(Thread.interrupted()).isTrue();
            assertThat(answer).isEqualTo("1");
            assertThat(Sql.one(connection, "SELECT 2")).isEqualTo("2");
        }
    }
}
