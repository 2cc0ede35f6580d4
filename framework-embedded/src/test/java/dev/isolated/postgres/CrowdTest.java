package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.embedded.EmbeddedSource;
import dev.isolated.lease.Lease;
import dev.isolated.lease.Pool;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Ten thousand tests in fifty threads, all with the same key, and what they leave. */
class CrowdTest {

    private static final int THREADS = 50;
    private static final int LEASES = 10_000;

    private final Settings settings = Settings.builder()
            .declare(new EmbeddedSource().keys())
            .declare(PostgresKeys.all())
            .layer("test", Map.of("isolated.environments.max", Integer.toString(THREADS)))
            .build();

    @Test
    void tenThousandLeasesOfFiftyThreadsLeaveNothing() throws Exception {
        try (Server server = new EmbeddedSource().start(new PostgresService(), settings);
                Pool<Postgres> pool = pool(server)) {
            ExecutorService crowd = Executors.newFixedThreadPool(THREADS);
            try {
                var tests = new ArrayList<Callable<Integer>>();
                for (int i = 0; i < LEASES; i++) {
                    String name = "CrowdTest.number" + i;
                    tests.add(() -> leaseAndInsert(pool, name));
                }
                for (Future<Integer> test : crowd.invokeAll(tests)) {
                    assertThat(test.get()).isEqualTo(1);
                }
            } finally {
                crowd.shutdown();
            }

            assertThat(pool.status().leased()).isZero();
            assertThat(pool.status().waiting()).isZero();
            assertThat(pool.status().size()).isLessThanOrEqualTo(THREADS);
            try (PostgresAdmin admin = PostgresAdmin.connect(server, "postgres")) {
                await().untilAsserted(() -> assertThat(
                                admin.query("SELECT datname FROM pg_stat_activity WHERE datname ~ '^isolated_0c0ffee0_'"
                                        + " AND state LIKE 'idle in transaction%'"))
                        .isEmpty());
                for (String database :
                        admin.query("SELECT datname FROM pg_database WHERE datname ~ '^isolated_0c0ffee0_'")) {
                    assertThat(tablesIn(server, database)).isEmpty();
                }
            }
        }
    }

    private Pool<Postgres> pool(Server server) {
        var plan = new Plan(PostgresService.TRANSACTION, List.of(), settings, "0c0ffee0");
        return new Pool<>(
                server, new PostgresService().connect(server, plan), plan, new SimpleMeterRegistry(), System::nanoTime);
    }

    private static int leaseAndInsert(Pool<Postgres> pool, String name) throws SQLException {
        try (Lease<Postgres> lease = pool.lease(name);
                Connection connection = lease.handle().connection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE crowded (id integer PRIMARY KEY)");
            return statement.executeUpdate("INSERT INTO crowded VALUES (1)");
        }
    }

    private static List<String> tablesIn(Server server, String database) {
        try (PostgresAdmin inside = PostgresAdmin.connect(server, database)) {
            return inside.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
        }
    }
}
