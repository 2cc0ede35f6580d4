package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.isolated.embedded.OwnServer;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tenure;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that has missed what one session of an administrator was granted while another one's asked for it. */
class MembershipsTest {

    /** So many that the server takes some milliseconds to look at them. */
    private static final int ROLES = 1000;

    private static final int ATTEMPTS = 200;
    private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(10);

    private final Random random = new Random(1);
    private final ExecutorService beside = Executors.newSingleThreadExecutor();
    private OwnServer own;
    private PostgresAdmin granting;
    private PostgresAdmin looking;

    @BeforeEach
    void start() throws Exception {
        own = OwnServer.start();
        own.run("CREATE ROLE creator LOGIN CREATEDB CREATEROLE PASSWORD 'created'");
        var endpoint = Endpoint.plain(
                own.server().endpoint().host(), own.server().endpoint().port(), "creator", Secret.of("created"));
        var server = new Server("postgres", "test", "", endpoint, Tenure.FOREIGN, Hold.NONE);
        granting = PostgresAdmin.connect(server, PostgresAdmin.MAINTENANCE);
        looking = PostgresAdmin.connect(server, PostgresAdmin.MAINTENANCE);
    }

    @AfterEach
    void stop() {
        beside.shutdownNow();
        granting.close();
        looking.close();
        own.close();
    }

    @Test
    void whatAServerForbidsBecauseItHasMissedAGrantIsDoneAllTheSame() {
        granting.execute("DO 'BEGIN FOR i IN 1.." + ROLES + " LOOP EXECUTE ''CREATE ROLE r'' || i;"
                + " EXECUTE ''GRANT r'' || i || '' TO creator''; END LOOP; END'");
        String missed = "";
        for (int i = 0; i < ATTEMPTS && missed.isEmpty(); i++) {
            String role = "missed" + i;
            grantWhileItLooks(role);
            missed = may(role) ? "" : role;
        }
        assumeThat(missed).as("a role that the server has missed").isNotEmpty();
        granting.execute("CREATE DATABASE mine OWNER " + missed);

        looking.execute("ALTER DATABASE mine CONNECTION LIMIT 7");

        assertThat(granting.query("SELECT datconnlimit FROM pg_database WHERE datname = 'mine'"))
                .containsExactly("7");
        assertThat(may(missed)).isTrue();
    }

    private void grantWhileItLooks(String role) {
        granting.execute("CREATE ROLE before_" + role);
        var look = CompletableFuture.runAsync(() -> may("r1"), beside);
        long moment = System.nanoTime() + random.nextLong(LOOK);
        while (System.nanoTime() < moment) {
            Thread.onSpinWait();
        }
        granting.execute("CREATE ROLE " + role + "; GRANT " + role + " TO creator");
        look.join();
    }

    private boolean may(String role) {
        return looking.query("SELECT pg_has_role(current_user, '" + role + "', 'USAGE')")
                .equals(List.of("t"));
    }
}
