package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.Mischief;
import dev.isolated.contract.Probe;
import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Server;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Uses Postgres as tests would. Thread-safe. */
final class PostgresProbe implements Probe<Postgres> {

    private final Server server;
    private final String mode;

    PostgresProbe(Server server, String mode) {
        this.server = server;
        this.mode = mode;
    }

    @Override
    public void put(Postgres handle, String key, String value) throws SQLException {
        try (Connection connection = handle.connection()) {
            insert(connection, key, value);
        }
    }

    @Override
    public Map<String, String> read(Postgres handle) throws SQLException {
        var entries = new HashMap<String, String>();
        try (Connection connection = handle.connection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT key, value FROM entries")) {
            while (rows.next()) {
                entries.put(rows.getString(1), rows.getString(2));
            }
        }
        return entries;
    }

    @Override
    public Client client(Postgres handle) throws SQLException {
        Connection connection = handle.dataSource().getConnection();
        return new Client() {
            @Override
            public void put(String key, String value) throws SQLException {
                insert(connection, key, value);
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }

    @Override
    public List<Mischief<Postgres>> mischief() {
        return new PostgresMischief(this, mode).all();
    }

    /** Ends the session that holds the run's advisory lock, as the server does when the client's machine is gone. */
    @Override
    public void crash(String run) throws SQLException {
        long killed = asAdministrator(
                "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_locks WHERE locktype = 'advisory'"
                        + " AND objid = ('x' || '" + run + "')::bit(32)::bigint::oid");
        assertThat(killed).as("sessions that hold the lock of run " + run).isEqualTo(1);
    }

    /** The number that a query answers, asked on a connection outside of every slice. */
    long asAdministrator(String query) throws SQLException {
        String url = "jdbc:postgresql://" + server.endpoint().address() + "/postgres";
        try (Connection connection = DriverManager.getConnection(
                url, server.endpoint().user(), server.endpoint().password().reveal())) {
            return number(connection, query);
        }
    }

    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            assertThat(rows.next()).as(query).isTrue();
            return rows.getLong(1);
        }
    }

    private static void insert(Connection connection, String key, String value) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("INSERT INTO entries (key, value) VALUES (?, ?)")) {
            statement.setString(1, key);
            statement.setString(2, value);
            statement.executeUpdate();
        }
    }
}
