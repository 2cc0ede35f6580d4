package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.HostSpec;
import org.postgresql.util.PasswordUtil;

/**
 * The administrator's connection to a server, renewed when the server has cut it. Thread-safe: one statement at a time.
 */
final class PostgresAdmin implements AutoCloseable {

    private static final int SALT = 16;

    private final Server server;
    private final String database;
    private final List<String> held = new ArrayList<>();
    private Connection connection;

    private PostgresAdmin(Server server, String database) {
        this.server = server;
        this.database = database;
        connection = open();
    }

    static PostgresAdmin connect(Server server, String database) {
        return new PostgresAdmin(server, database);
    }

    private Connection open() {
        Endpoint endpoint = server.endpoint();
        Properties info =
                SandboxSocketFactory.properties(database, endpoint.user(), endpoint.password(), TlsSocket.to(endpoint));
        info.setProperty("ApplicationName", "isolated admin");
        if (server.tenure().ours()) {
            info.setProperty("options", "-c log_min_error_statement=panic");
        }
        String url = "jdbc:postgresql://" + endpoint.address() + "/" + database;
        try {
            return new PgConnection(new HostSpec[] {new HostSpec(endpoint.host(), endpoint.port())}, info, url);
        } catch (SQLException e) {
            throw new IsolationException(
                    Explanation.couldNot("connect to " + server.describe() + " as " + endpoint.user())
                            .expected("the server to let its administrator in")
                            .found(what(e))
                            .next(Requirements.remedy(server, e)),
                    e);
        }
    }

    /** Gives a server that has just been started a password of this run's. */
    Server changePassword() {
        Secret password = Secret.random();
        execute("ALTER ROLE " + server.endpoint().user() + " PASSWORD '" + passwordFor(password) + "'");
        return server.withPassword(password, version());
    }

    /** What the server said of itself when the connection was opened. */
    private String version() {
        try {
            return String.valueOf(connection.unwrap(PGConnection.class).getParameterStatus("server_version"));
        } catch (SQLException e) {
            throw failed("ask " + server.describe() + " for its version", e);
        }
    }

    /** Has the connection hold what a query takes, such as a lock, also when it is renewed. */
    synchronized void hold(String query) {
        query(query);
        held.add(query);
    }

    synchronized void execute(String sql) {
        renew();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed("prepare " + server.describe() + " for tests", e);
        }
    }

    /** The first column of what a query returns; asked again where the connection turns out to have been cut. */
    synchronized List<String> query(String sql) {
        renew();
        try {
            return rows(sql);
        } catch (IsolationException e) {
            if (!renew()) {
                throw e;
            }
            return rows(sql);
        }
    }

    private boolean renew() {
        try {
            boolean cut = connection.isClosed();
            if (cut) {
                connection = open();
                held.forEach(this::rows);
            }
            return cut;
        } catch (SQLException e) {
            throw failed("reconnect to " + server.describe() + " as its administrator", e);
        }
    }

    private List<String> rows(String sql) {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            var texts = new ArrayList<String>();
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
            return texts;
        } catch (SQLException e) {
            throw failed("ask " + server.describe() + " for its state", e);
        }
    }

    /**
     * How a role is told its password. A server that is not ours gets only what it needs to verify it, because it may log
     * statements; ours logs none, and need not wait for this JVM to load its cryptography.
     */
    String passwordFor(Secret password) {
        return server.tenure().ours() ? password.reveal() : verifier(password);
    }

    /** The secrets are random and long, so one iteration is as good as thousands, and logging in stays quick. */
    private static String verifier(Secret password) {
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        return PasswordUtil.encodeScramSha256(password.reveal().toCharArray(), 1, salt);
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("disconnect from " + server.describe(), e);
        }
    }

    private static IsolationException failed(String task, SQLException cause) {
        return new IsolationException(
                Explanation.couldNot(task)
                        .expected("the server to do as its administrator asks")
                        .found(what(cause))
                        .next("check the server's log and the administrator's rights"),
                cause);
    }

    private static String what(SQLException failure) {
        Throwable cause = failure.getCause();
        return failure.getMessage() + (cause == null ? "" : " (" + cause.getMessage() + ")") + ", SQLSTATE "
                + failure.getSQLState();
    }
}
