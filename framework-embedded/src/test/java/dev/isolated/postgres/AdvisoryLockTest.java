package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(Sandboxes.class)
class AdvisoryLockTest {

    @InEachQueryMode
    void case17LockThatAnotherConnectionHoldsIsRefusedUntilItIsUnlocked(String mode, Postgres postgres)
            throws SQLException {
        try (Connection one = Sandboxes.byUrl(postgres, mode);
                Connection other = Sandboxes.byUrl(postgres, mode)) {
            Sql.run(one, "select pg_advisory_lock(7)", "select pg_advisory_lock(7)", "select pg_advisory_unlock(7)");
            for (String sql : new String[] {
                "select pg_try_advisory_lock(7)", "select pg_advisory_xact_lock(7)", "select pg_advisory_unlock(7)"
            }) {
                assertThatThrownBy(() -> Sql.run(other, sql))
                        .hasMessageContaining("an advisory lock while another connection holds one is not possible in"
                                + " TRANSACTION isolation")
                        .hasMessageContaining(
                                "Unlock it on the other connection first, or use" + " @Isolated(mode = \"DATABASE\")");
            }
            assertThat(Sql.one(other, "select 'pg_advisory_lock(7)'")).isEqualTo("pg_advisory_lock(7)");
            Sql.run(one, "select pg_advisory_unlock(7)");
            assertThat(Sql.one(other, "select pg_try_advisory_lock(7)")).isEqualTo("t");
        }
    }

    @Test
    void case17LockOfAConnectionOutlivesARollbackAndEndsWithTheConnection(Postgres postgres) throws SQLException {
        try (Connection other = postgres.connection()) {
            try (Connection one = postgres.connection()) {
                one.setAutoCommit(false);
                Sql.run(one, "select pg_try_advisory_lock_shared(7)");
                one.rollback();
                assertThat(Sql.state(() -> Sql.run(other, "select pg_advisory_lock(8)")))
                        .isEqualTo("0A000");
                assertThat(locks(postgres)).isEqualTo("1");
                assertThat(Sql.state(() -> Sql.run(one, "select 1/0"))).isEqualTo("22012");
            }
            assertThat(Sql.one(other, "select 1")).isEqualTo("1");
            assertThat(locks(postgres)).isEqualTo("0");
            assertThat(Sql.one(other, "select pg_try_advisory_lock(7)")).isEqualTo("t");
        }
    }

    @Test
    void case17LockOfATransactionIsFreeForEverybodyAfterIt(Postgres postgres) throws SQLException {
        try (Connection one = postgres.connection();
                Connection other = postgres.connection()) {
            one.setAutoCommit(false);
            Sql.run(one, "select pg_advisory_xact_lock(7)");
            one.commit();
            assertThat(Sql.one(other, "select pg_try_advisory_xact_lock(7)")).isEqualTo("t");
            assertThat(Sql.one(other, "select pg_try_advisory_lock(7)")).isEqualTo("t");
        }
    }

    @Test
    void case17DiscardAllFreesTheConnectionsLocks(Postgres postgres) throws SQLException {
        try (Connection one = postgres.connection();
                Connection other = postgres.connection()) {
            Sql.run(one, "select pg_advisory_lock(7)");
            Sql.run(other, "discard all");
            assertThat(locks(postgres)).isEqualTo("1");
            Sql.run(one, "discard all");
            assertThat(locks(postgres)).isEqualTo("0");
        }
    }

    private static String locks(Postgres postgres) throws SQLException {
        try (Connection observer = Sandboxes.bare(postgres)) {
            return Sql.one(
                    observer,
                    "select count(*) from pg_locks where locktype = 'advisory'"
                            + " and database = (select oid from pg_database where datname = current_database())");
        }
    }
}
