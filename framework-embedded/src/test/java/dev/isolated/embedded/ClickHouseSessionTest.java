package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.query.QuerySettings;
import dev.isolated.clickhouse.ClickHouse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Sessions as ClickHouse's own drivers have them, to which they are one more setting, on the embedded engine. */
class ClickHouseSessionTest extends ClickHouseLeased {

    @Test
    void connectionsOfOneSessionShareItsTemporaryTablesAndSettings() throws SQLException {
        try (Connection first = connection("one");
                Connection second = connection("one");
                Connection other = connection("other");
                Statement making = first.createStatement()) {
            making.execute("CREATE TEMPORARY TABLE seen (a Int32)");
            making.execute("INSERT INTO seen VALUES (7)");
            making.execute("SET max_threads = 3");

            assertThat(answer(second, "SELECT a FROM seen")).isEqualTo("7");
            assertThat(answer(second, "SELECT getSetting('max_threads')")).isEqualTo("3");
            assertThatThrownBy(() -> answer(other, "SELECT a FROM seen"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            it -> assertThat(it.getErrorCode()).isEqualTo(60));
            assertThat(answer(other, "SELECT getSetting('max_threads')")).isNotEqualTo("3");
        }
    }

    @Test
    void aSessionOutlivesAStatementThatFailsInIt() throws SQLException {
        try (Connection connection = connection("failing");
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE seen (a Int32)");
            assertThatThrownBy(() -> statement.execute("INSERT INTO seen SELECT throwIf(1)"))
                    .hasMessageContaining("Code: 395");
            statement.execute("INSERT INTO seen VALUES (8)");
            assertThat(answer(connection, "SELECT a FROM seen")).isEqualTo("8");
        }
    }

    @Test
    void theJavaClientHasTheSameSession() throws Exception {
        Client client = lease.handle().client();
        var session = new QuerySettings().serverSetting("session_id", "shared");
        client.query("CREATE TEMPORARY TABLE seen (a Int32)", session)
                .get(10, TimeUnit.SECONDS)
                .close();
        client.query("INSERT INTO seen VALUES (9)", session)
                .get(10, TimeUnit.SECONDS)
                .close();
        try (Connection connection = connection("shared")) {
            assertThat(answer(connection, "SELECT a FROM seen")).isEqualTo("9");
        }
        assertThatThrownBy(() -> client.queryAll("SELECT a FROM seen"))
                .rootCause()
                .isInstanceOfSatisfying(
                        ServerException.class, it -> assertThat(it.getCode()).isEqualTo(60));
    }

    private Connection connection(String session) throws SQLException {
        ClickHouse handle = lease.handle();
        var properties = new Properties();
        properties.setProperty("user", handle.user());
        properties.setProperty("password", handle.password().reveal());
        properties.setProperty("clickhouse_setting_session_id", session);
        return DriverManager.getConnection(handle.jdbcUrl(), properties);
    }

    private static String answer(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }
}
