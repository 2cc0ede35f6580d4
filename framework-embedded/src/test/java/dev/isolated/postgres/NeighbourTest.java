package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What belongs together and what does not. */
class NeighbourTest {

    @Test
    @ExtendWith(Sandboxes.class)
    void case24AllWaysThatOneHandleOffersLeadToTheSameRows(Postgres postgres) throws SQLException {
        try (var pool = pool(postgres.jdbcUrl(), postgres);
                var other = pool(postgres.isolatedUrl(), postgres)) {
            write(postgres.dataSource());

            assertThat(rows(pool)).isEqualTo("1");
            assertThat(rows(other)).isEqualTo("1");
        }
    }

    @Test
    void case24TwoHandlesLeadToDatabasesThatHaveNothingInCommon() throws SQLException {
        try (IsolatedEnvironment one = Sandboxes.open("one");
                IsolatedEnvironment another = Sandboxes.open("another")) {
            Postgres first = one.get(Postgres.class);
            Postgres second = another.get(Postgres.class);
            write(first.dataSource());
            write(second.dataSource());

            assertThat(rows(first.dataSource())).isEqualTo("1");
            assertThat(Sandboxes.url(first)).isNotEqualTo(Sandboxes.url(second));
        }
    }

    /** One thread has both transactions open: if one waited for the other, it would wait for ever. */
    @Test
    void case26TestsDoNotWaitForEachOthersKeysNorTables() throws SQLException {
        try (IsolatedEnvironment one = Sandboxes.open("one");
                IsolatedEnvironment another = Sandboxes.open("another");
                Connection first = one.get(Postgres.class).connection();
                Connection second = another.get(Postgres.class).connection()) {
            String[] work = {
                Sql.TABLE, "insert into thing values (1)", "alter table thing add column c int", "lock table thing"
            };
            Sql.run(first, "begin");
            Sql.run(second, "begin");
            Sql.run(first, work);
            Sql.run(second, work);
            Sql.run(first, "commit");
            Sql.run(second, "rollback");

            assertThat(Sql.ids(first)).containsExactly("1");
            assertThat(Sql.state(() -> Sql.ids(second))).isEqualTo("42P01");
        }
    }

    private static void write(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            Sql.run(connection, Sql.TABLE, "insert into thing values (1)");
        }
    }

    private static String rows(DataSource dataSource) throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return Sql.one(connection, "select count(*) from thing");
        }
    }

    private static HikariDataSource pool(String url, Postgres postgres) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setUsername(postgres.user());
        config.setPassword(postgres.password().reveal());
        config.setMaximumPoolSize(2);
        return new HikariDataSource(config);
    }
}
