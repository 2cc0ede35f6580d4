package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.error.IsolationException;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Request;
import dev.isolated.spi.Slices;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Servers of the user's own that do not let this library in, or not far enough: told before the first test. */
@ExtendWith(OwnServers.class)
class ExternalRefusalTest {

    private final OwnServer own;

    ExternalRefusalTest(OwnServer own) {
        this.own = own;
    }

    @Test
    void aServerThatIsConfiguredAndBrokenFailsAndNoOtherIsAsked() {
        var catalog = Catalog.found();
        var settings = catalog.settings(
                Map.of("isolated.postgres.host", "127.0.0.1", "isolated.postgres.port", "1"), Map.of());
        try (var environments = new Environments(catalog, settings, new SimpleMeterRegistry())) {
            assertThatThrownBy(() -> environments.open("AnyTest.any", List.of(Request.of(Postgres.class))))
                    .isExactlyInstanceOf(IsolationException.class)
                    .hasMessageContaining("Could not reach the postgres server at 127.0.0.1 port 1");
        }
    }

    @Test
    void aWrongPasswordIsNamedAndNotPrinted() {
        refused(Map.of("isolated.postgres.password", "hunter2"))
                .hasMessageContaining(
                        "connect to postgres (external, 127.0.0.1:" + own.port() + ") as its administrator")
                .hasMessageContaining("expected the password in isolated.postgres.password to be that of postgres")
                .hasMessageContaining("(SQLSTATE 28P01)")
                .hasMessageNotContaining("hunter2");
        refused(Map.of("isolated.postgres.password", ""))
                .hasMessageContaining("expected the password in isolated.postgres.password to be that of postgres");
    }

    @Test
    void aUserWhoMayNotLogInIsNamed() throws SQLException {
        own.run("CREATE ROLE \"no-login\" PASSWORD 'x'");
        refused(Map.of("isolated.postgres.user", "no-login", "isolated.postgres.password", "x"))
                .hasMessageContaining("expected no-login to be a role that may log in")
                .hasMessageContaining("CREATE ROLE \"no-login\" LOGIN CREATEDB CREATEROLE");
    }

    @Test
    void rightsThatAreMissingAreNamedWithTheStatementThatGrantsThem() throws SQLException {
        own.run("CREATE ROLE powerless LOGIN PASSWORD 'x' CREATEDB", "CREATE ROLE harmless LOGIN PASSWORD 'x'");
        refused(Map.of("isolated.postgres.user", "powerless", "isolated.postgres.password", "x"))
                .hasMessageContaining("use postgres (external, 127.0.0.1:" + own.port() + ") for tests")
                .hasMessageContaining("administrator powerless lacks CREATEROLE.")
                .hasMessageContaining("What to do: ALTER ROLE powerless CREATEROLE.");
        refused(Map.of(
                        "isolated.postgres.user", "harmless",
                        "isolated.postgres.password", "x",
                        "isolated.environments.max", "60"))
                .hasMessageContaining("administrator harmless lacks CREATEDB and CREATEROLE")
                .hasMessageContaining("of its 47 connections are in use and 64 more may be needed")
                .hasMessageContaining("ALTER ROLE harmless CREATEDB CREATEROLE, or set isolated.postgres.mode=schema,")
                .hasMessageContaining("lower isolated.environments.max");
    }

    @Test
    void case34ARunThatWouldNeedMoreThanOthersLeaveIsRefusedByName() {
        String first = Bench.newRun();
        Map<String, String> half = Map.of("isolated.environments.max", "3", "isolated.postgres.connections", "10");
        try (Slices<Postgres> earlier = own.connect(first, PostgresService.DATABASE, half)) {
            assertThat(earlier.capacity()).isGreaterThanOrEqualTo(3);
            assertThatThrownBy(() -> own.connect(Bench.newRun(), PostgresService.DATABASE, half)
                            .close())
                    .isExactlyInstanceOf(IsolationException.class)
                    .hasMessageContaining("for tests in DATABASE isolation")
                    .hasMessageContaining(
                            "room for 34 connections (isolated.environments.max 3 × 10 each + 4 of its own)")
                    .hasMessageContaining("of its 47 connections are in use and 34 are promised to other runs: process "
                            + ProcessHandle.current().pid() + " (run " + first + ") 34; and 34 more may be needed")
                    .hasMessageContaining("or lower isolated.environments.max or isolated.postgres.connections");
            own.connect(Bench.newRun(), Map.of("isolated.environments.max", "3"))
                    .close();
        }
        own.connect(Bench.newRun(), PostgresService.DATABASE, half).close();
    }

    @Test
    void anAdministratorWhoMayNotMakeSchemasIsToldWhatGrantsIt() throws SQLException {
        own.run("CREATE ROLE visitor LOGIN PASSWORD 'x'");
        Map<String, String> more = Map.of(
                "isolated.postgres.user", "visitor",
                "isolated.postgres.password", "x",
                "isolated.postgres.database", "postgres");
        assertThatThrownBy(() -> own.connect(Bench.newRun(), PostgresService.SCHEMA, more)
                        .close())
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("administrator visitor lacks the right to make schemas there")
                .hasMessageContaining("GRANT CREATE ON DATABASE … TO visitor");
    }

    @Test
    void aRoleWithoutAFreeConnectionIsToldSo() throws SQLException {
        own.run("CREATE ROLE limited LOGIN PASSWORD 'x' CREATEDB CREATEROLE CONNECTION LIMIT 0");
        refused(Map.of("isolated.postgres.user", "limited", "isolated.postgres.password", "x"))
                .hasMessageContaining("expected room for one more connection")
                .hasMessageContaining("(SQLSTATE 53300)");
    }

    @Test
    void aServerWithoutTheMaintenanceDatabaseIsToldWhichOne() throws SQLException {
        own.run("ALTER DATABASE postgres RENAME TO elsewhere");
        try {
            refused(Map.of())
                    .hasMessageContaining("expected a database postgres, from which others are made")
                    .hasMessageContaining("CREATE DATABASE postgres; it is connected to and nothing in it is changed");
        } finally {
            own.run("ALTER DATABASE elsewhere RENAME TO postgres");
        }
    }

    @Test
    void rulesThatLetNobodyInAreQuoted() throws SQLException {
        own.write("pg_hba.conf", List.of("host template1 all 127.0.0.1/32 password"));
        own.run("SELECT pg_reload_conf()");
        try {
            await().untilAsserted(() -> refused(Map.of())
                    .hasMessageContaining("expected its pg_hba.conf to let in postgres without TLS")
                    .hasMessageContaining("no pg_hba.conf entry for host")
                    .hasMessageContaining("set isolated.postgres.tls=on or verify if it wants TLS, or add a line"));
        } finally {
            own.write("pg_hba.conf", List.of("host all all 127.0.0.1/32 password"));
            own.run("SELECT pg_reload_conf()");
            await().until(() -> own.list("SELECT count(*) FROM pg_hba_file_rules WHERE database = '{all}'")
                    .equals(List.of("1")));
        }
    }

    @Test
    void aServerWithoutTlsIsNotUsedWhereTlsIsWanted() {
        for (String tls : List.of("on", "verify")) {
            refused(Map.of("isolated.postgres.tls", tls))
                    .hasMessageContaining("expected it to offer TLS, because isolated.postgres.tls is " + tls)
                    .hasMessageContaining("found that it offers none")
                    .hasMessageContaining("or set isolated.postgres.tls=off");
        }
    }

    @Test
    void aStartThatFailsLeavesNothing() throws SQLException {
        refused(Map.of("isolated.postgres.scripts", "dev/isolated/embedded/broken.sql"))
                .hasMessageContaining("syntax error");
        assertThat(own.list("SELECT rolname FROM pg_roles WHERE rolname LIKE 'isolated%'"
                        + " UNION ALL SELECT datname FROM pg_database WHERE datname LIKE 'isolated%'"))
                .isEmpty();
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(Map<String, String> more) {
        return assertThatThrownBy(
                        () -> own.connect(Bench.newRun(), new HashMap<>(more)).close())
                .isExactlyInstanceOf(IsolationException.class);
    }
}
