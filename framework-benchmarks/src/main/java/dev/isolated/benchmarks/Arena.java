package dev.isolated.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.postgres.Postgres;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Request;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A pool of environments and, on the same server, as many bare connections: one into each of the pool's databases, with
 * the rights of that database's own user. Thread-safe.
 */
final class Arena implements AutoCloseable {

    static final List<Request> POSTGRES = List.of(Request.of(Postgres.class));

    private final ServersDirectory directory = ServersDirectory.create();
    private final Environments environments;
    private final List<Connection> bare = new ArrayList<>();

    /** Without bare connections. */
    Arena(int size) {
        String most = Integer.toString(size);
        var settings = new HashMap<>(Map.of(
                Keys.source("postgres").name(),
                BenchmarkSource.NAME,
                Keys.ENVIRONMENTS_MAX.name(),
                most,
                Keys.LEASE_WARM.name(),
                most,
                "isolated.postgres.scripts",
                "benchmarks-schema.sql"));
        settings.putAll(directory.settings(false));
        environments = new Environments(Catalog.found(), Catalog.found().settings(settings, Map.of()));
    }

    /** With as many bare connections as environments. */
    static Arena connected(int size) throws SQLException {
        var arena = new Arena(size);
        arena.connect(size);
        return arena;
    }

    IsolatedEnvironment open() {
        return environments.open("benchmark", POSTGRES);
    }

    Connection bare(int number) {
        return bare.get(number);
    }

    /** How HikariCP connects to one of the databases, past its sandbox. */
    HikariConfig hikari(int size) {
        var config = new HikariConfig();
        try (IsolatedEnvironment environment = open()) {
            Postgres postgres = environment.get(Postgres.class);
            Endpoint server = BenchmarkSource.latest("postgres");
            config.setJdbcUrl(bareUrl(postgres));
            config.setUsername(server.user());
            config.setPassword(server.password().reveal());
            config.setConnectionInitSql(asOwnUser(postgres));
        }
        config.setMaximumPoolSize(size);
        return config;
    }

    /** Checks that nothing is left of all that was opened and closed, on either side of the wire. */
    void requireClean(Report report) throws SQLException {
        int leases = environments.status(POSTGRES.get(0)).orElseThrow().leased();
        long inTransaction = 0;
        long rows = 0;
        for (Connection connection : bare) {
            connection.setAutoCommit(true);
            inTransaction += count(
                    connection,
                    "pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'");
            rows += count(connection, "measured");
        }
        String found = "leases=" + leases + " idle-in-transaction=" + inTransaction + " rows=" + rows;
        report.line(found);
        if (leases + inTransaction + rows > 0) {
            throw new BenchmarkFailure("something is left behind: " + found);
        }
    }

    /** All at once, so that each goes to another database. */
    private void connect(int size) throws SQLException {
        var open = new ArrayList<IsolatedEnvironment>();
        try {
            for (int i = 0; i < size; i++) {
                IsolatedEnvironment environment = open();
                open.add(environment);
                bare.add(bare(environment.get(Postgres.class)));
            }
        } finally {
            open.forEach(IsolatedEnvironment::close);
        }
    }

    /** Past the sandbox: its URL without the part that leads into it. */
    static String bareUrl(Postgres postgres) {
        return postgres.jdbcUrl().replaceFirst("\\?.*", "");
    }

    static Connection bare(Postgres postgres) throws SQLException {
        Endpoint server = BenchmarkSource.latest("postgres");
        Connection connection = DriverManager.getConnection(
                bareUrl(postgres), server.user(), server.password().reveal());
        try (Statement statement = connection.createStatement()) {
            statement.execute(asOwnUser(postgres));
        }
        connection.setAutoCommit(false);
        return connection;
    }

    /** Nobody but the library has the password of a database's own user; and an administrator's rights are not looked at. */
    private static String asOwnUser(Postgres postgres) {
        return "SET ROLE " + postgres.user();
    }

    private static long count(Connection connection, String from) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + from)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        try (directory;
                environments) {
            for (Connection connection : bare) {
                connection.close();
            }
        }
    }
}
