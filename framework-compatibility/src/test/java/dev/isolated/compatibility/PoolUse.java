package dev.isolated.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** What an application does with a connection pool. */
final class PoolUse {

    static final int SIZE = 3;

    private PoolUse() {}

    /** A schema, transactions of several threads, an error, a rollback. */
    static void works(DataSource pool) throws Exception {
        Sql.run(pool, "create table account (id int primary key, balance int not null)");
        Sql.run(pool, "insert into account values (1, 0)");
        Threads.times(SIZE * 4, number -> addOne(pool));
        assertThat(Sql.list(pool, "select balance from account")).containsExactly(SIZE * 4);

        assertThatThrownBy(() -> Sql.run(pool, "insert into account values (1, 5)"))
                .isInstanceOfSatisfying(
                        SQLException.class,
                        failure -> assertThat(failure.getSQLState()).isEqualTo("23505"));
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Sql.run(connection, "delete from account");
            connection.rollback();
        }
        try (Connection connection = pool.getConnection()) {
            assertThat(connection.getAutoCommit()).isTrue();
            assertThat(Sql.list(connection, "select count(*)::int from account"))
                    .containsExactly(1);
        }
    }

    private static void addOne(DataSource pool) throws SQLException {
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Sql.run(connection, "update account set balance = balance + 1");
            connection.commit();
            connection.setAutoCommit(true);
        }
    }
}
