package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.isolated.embedded.OwnServer;
import dev.isolated.error.IsolationException;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that has missed what one session of an administrator was granted while another one's asked for it. */
@Tag("long")
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

    @ParameterizedTest
    @CsvSource({
        "USAGE, ALTER DATABASE mine CONNECTION LIMIT 7, datname = 'mine' AND datconnlimit = 7",
        "SET, CREATE DATABASE another OWNER $ROLE, datname = 'another'"
    })
    void whatAServerForbidsBecauseItHasMissedAGrantIsDoneAllTheSame(String right, String statement, String done) {
        String kind = right.equals("SET") && Facts.major(looking.version()) < 16 ? "MEMBER" : right;
        granting.execute("DO 'BEGIN FOR i IN 1.." + ROLES + " LOOP EXECUTE ''CREATE ROLE r'' || i;"
                + " EXECUTE ''GRANT r'' || i || '' TO creator''; END LOOP; END'");
        String missed = "";
        for (int i = 0; i < ATTEMPTS && missed.isEmpty(); i++) {
            String role = "missed" + i;
            grantWhileItLooks(role, kind);
            missed = may(role, kind) ? "" : role;
        }
        assumeThat(missed).as("a role that the server has missed").isNotEmpty();
        granting.execute("CREATE DATABASE mine OWNER " + missed);

        looking.execute(statement.replace("$ROLE", missed));

        assertThat(granting.query("SELECT 'done' FROM pg_database WHERE " + done))
                .containsExactly("done");
        assertThat(may(missed, kind)).isTrue();
    }

    @Test
    void whatIsForbiddenForGoodIsSaidToBe() {
        assertThatThrownBy(() -> looking.execute("CREATE ROLE master SUPERUSER"))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("SQLSTATE 42501");
    }

    @Test
    void ofAScriptThatIsForbiddenSomethingNothingIsDoneTwice() {
        assertThatThrownBy(() -> looking.executeOnce(
                        "BEGIN; CREATE ROLE once; COMMIT; BEGIN; CREATE ROLE master SUPERUSER; COMMIT"))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("SQLSTATE 42501");
        assertThat(granting.query("SELECT rolname FROM pg_roles WHERE rolname = 'once'"))
                .containsExactly("once");
    }

    @ParameterizedTest
    @ValueSource(ints = {14, 15, 16, 17, 18})
    void aServerCanBeHadToLookAnew(int major) {
        assumeThat(Facts.major(looking.version())).isGreaterThanOrEqualTo(major);
        assertThat(looking.query(Memberships.lookingAnew(major)))
                .hasSizeGreaterThanOrEqualTo(2)
                .containsOnly("f");
    }

    private void grantWhileItLooks(String role, String kind) {
        granting.execute("CREATE ROLE before_" + role);
        var look = CompletableFuture.runAsync(() -> may("r1", kind), beside);
        long moment = System.nanoTime() + random.nextLong(LOOK);
        while (System.nanoTime() < moment) {
            Thread.onSpinWait();
        }
        granting.execute("CREATE ROLE " + role + "; GRANT " + role + " TO creator");
        look.join();
    }

    private boolean may(String role, String kind) {
        return looking.query("SELECT pg_has_role(current_user, '" + role + "', '" + kind + "')")
                .equals(List.of("t"));
    }
}
