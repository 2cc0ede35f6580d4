package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection is valid while another one has a transaction open, as every pool asks before it lends one. */
@ExtendWith(Sandboxes.class)
class ValidityTest {

    private static final int SECONDS = 5;

    @Test
    void case05ConnectionIsValidBesideATransactionThatLetsNothingElseRun(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, "begin", Sql.TABLE);
            assertThat(inner.isValid(SECONDS)).isTrue();
            assertThatThrownBy(() -> Sql.run(inner, "select 1")).hasMessageContaining("Could not run \"select 1\"");
            assertThatThrownBy(() -> Sql.run(inner, "")).hasMessageContaining("Could not run \"\"");
            assertThat(inner.isValid(SECONDS)).isTrue();
            Sql.run(outer, "commit");

            assertThat(Sql.ids(inner)).isEmpty();
        }
    }

    @Test
    void case05ConnectionIsValidWhileItsTransactionIsSuspended(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, "create table audit (id int)", "begin", "insert into thing values (1)");
            Sql.run(inner, "begin", "insert into audit values (1)");
            assertThat(outer.isValid(SECONDS)).isTrue();
            Sql.run(inner, "commit");
            Sql.run(outer, "insert into thing values (2)", "commit");

            assertThat(Sql.ids(inner)).containsExactly("1", "2");
        }
    }

    @Test
    void case20ConnectionIsValidWhileAnotherThreadHasATransactionOpen(Postgres postgres) throws Exception {
        var worker = Executors.newSingleThreadExecutor();
        try (Connection outer = postgres.connection();
                Connection other = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, "begin", "insert into thing values (1)");
            assertThat(worker.submit(() -> other.isValid(SECONDS)).get(SECONDS, TimeUnit.SECONDS))
                    .isTrue();
            Sql.run(outer, "commit");
            assertThat(worker.submit(() -> Sql.ids(other)).get(SECONDS, TimeUnit.SECONDS))
                    .containsExactly("1");
        } finally {
            worker.shutdownNow();
        }
    }

    @Test
    void case21ConnectionIsValidNoLongerThanItsTest() throws SQLException {
        IsolatedEnvironment environment = Sandboxes.open("ValidityTest.ends");
        Postgres postgres = environment.get(Postgres.class);
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, "begin", Sql.TABLE);
            assertThat(inner.isValid(SECONDS)).isTrue();
            environment.close();

            assertThat(inner.isValid(SECONDS)).isFalse();
        }
    }
}
