package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Servers whose settings are not those that a new one has. */
class ExternalLimitsTest {

    @Test
    void case23TheServersLimitsForIdleSessionsDoNotEndTheSandboxs() throws Exception {
        try (OwnServer own = OwnServer.start();
                Slices<Postgres> slices = own.connect(Bench.newRun(), Map.of())) {
            limit(own, "idle_in_transaction_session_timeout", "200ms");
            limit(own, "idle_session_timeout", "300ms");
            limit(own, "transaction_timeout", "1s");
            Slice<Postgres> slice = slices.create(1);
            var tenant = new Tenant("ExternalLimitsTest");
            try (Connection connection = slice.handOut(tenant).connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE TABLE kept (id int)");
                connection.setAutoCommit(false);
                statement.execute("INSERT INTO kept VALUES (1)");
                statement.execute("SELECT pg_sleep(1.2)");
                awaitEndOfAnIdleTransaction(own);
                connection.commit();

                try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM kept")) {
                    assertThat(rows.next()).isTrue();
                    assertThat(rows.getInt(1)).isEqualTo(1);
                }
                connection.commit();
            } finally {
                tenant.end();
                slice.reset();
                slice.destroy();
            }
        }
    }

    /** By these counts it would be known whether one of the two touches what the other has written. */
    @Test
    void case07WhereTheServerDoesNotCountWhatStatementsTouchNothingIsStackedAboveATransactionThatHasWritten()
            throws Exception {
        try (OwnServer own = OwnServer.start()) {
            own.run("ALTER SYSTEM SET track_counts = off", "SELECT pg_reload_conf()");
            try (Slices<Postgres> slices = own.connect(Bench.newRun(), Map.of())) {
                Slice<Postgres> slice = slices.create(1);
                var tenant = new Tenant("ShopTest.sells");
                Postgres postgres = slice.handOut(tenant);
                try (Connection outer = postgres.connection();
                        Connection inner = postgres.connection();
                        Statement outside = outer.createStatement();
                        Statement inside = inner.createStatement()) {
                    outside.execute("CREATE TABLE sale (id int); CREATE TABLE audit (id int)");
                    outer.setAutoCommit(false);
                    outside.execute("INSERT INTO sale VALUES (1)");

                    assertThatThrownBy(() -> inside.execute("INSERT INTO audit VALUES (1)"))
                            .hasMessageContaining(
                                    "\"INSERT INTO audit VALUES (1)\" on a second connection of ShopTest.sells")
                            .hasMessageContaining(
                                    "the server does not count what statements touch (track_counts is off)")
                            .hasMessageContaining("@Isolated(mode = \"DATABASE\")");
                    outer.commit();
                    assertThat(inside.executeUpdate("INSERT INTO audit SELECT id FROM sale"))
                            .isEqualTo(1);
                } finally {
                    tenant.end();
                    slice.reset();
                    slice.destroy();
                }
            }
        }
    }

    /** Where the server has that limit. */
    private static void limit(OwnServer own, String name, String time) throws Exception {
        if (own.list("SELECT 1 FROM pg_settings WHERE name = '" + name + "'").isEmpty()) {
            return;
        }
        own.run("ALTER SYSTEM SET " + name + " = '" + time + "'", "SELECT pg_reload_conf()");
    }

    private static void awaitEndOfAnIdleTransaction(OwnServer own) throws Exception {
        try (Connection idle = own.superuser();
                Statement statement = idle.createStatement()) {
            idle.setAutoCommit(false);
            statement.execute("SELECT 1");
            String alive = "SELECT 1 FROM pg_stat_activity WHERE state = 'idle in transaction' AND pid = "
                    + idle.unwrap(PGConnection.class).getBackendPID();
            await().untilAsserted(() -> assertThat(own.list(alive)).isEmpty());
        }
    }
}
