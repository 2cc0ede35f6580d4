package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.util.PasswordUtil;

/**
 * The administrator's connection to a server, renewed when the server has cut it. Thread-safe: one statement at a time.
 */
final class PostgresAdmin implements AutoCloseable {

    static final String MAINTENANCE = "postgres";
    static final String FORBIDDEN = "42501";

    private static final int SALT = 16;
    private static final String IN_USE = "55006";
    private static final Duration IN_USE_LIMIT = Duration.ofSeconds(30);
    private static final Duration IN_USE_PAUSE = Duration.ofMillis(50);

    private final Server server;
    private final String database;
    private final List<String> held = new ArrayList<>();
    private PgConnection connection;
    private boolean closed;

    private PostgresAdmin(Server server, String database) {
        this.server = server;
        this.database = database;
        connection = open();
    }

    static PostgresAdmin connect(Server server, String database) {
        return new PostgresAdmin(server, database);
    }

    private PgConnection open() {
        Endpoint endpoint = server.endpoint();
        var more = new HashMap<>(Map.of("ApplicationName", "isolated admin"));
        if (server.tenure().ours()) {
            more.put("options", "-c log_min_error_statement=panic");
        }
        try {
            PgConnection opened = Line.open(new Login(endpoint, database, endpoint.user(), endpoint.password(), more))
                    .driver();
            opened.execSQLQuery("SELECT " + ServerLimits.liftAll()).close();
            return opened;
        } catch (SQLException | IOException e) {
            String task = "connect to " + server.describe() + " as its administrator";
            throw new LogInFailure(task, endpoint, endpoint.user(), database, e).exception();
        }
    }

    /** Gives a server that has just been started a password of this run's, and keeps tests out of its own databases. */
    Server secure() {
        Secret password = Secret.random();
        execute("ALTER ROLE " + server.endpoint().user() + " PASSWORD '" + passwordFor(password)
                + "'; REVOKE ALL ON DATABASE " + MAINTENANCE + ", template1 FROM PUBLIC");
        return server.withPassword(password, version());
    }

    /** Where its server is. */
    Endpoint endpoint() {
        return server.endpoint();
    }

    /** What the server said of itself when the connection was opened. */
    synchronized String version() {
        return String.valueOf(connection.getParameterStatus("server_version"));
    }

    /** Has the connection hold what a query takes, such as a lock, also when it is renewed. */
    synchronized void hold(String query) {
        query(query);
        held.add(query);
    }

    synchronized void execute(String sql) {
        renew();
        said(preparing(), () -> insisting(() -> done(sql)));
    }

    /** The same about a database that others may still be connected to for a while, which the server does not allow. */
    void executeWhenUnused(String sql) {
        long limit = System.nanoTime() + IN_USE_LIMIT.toNanos();
        while (true) {
            try {
                execute(sql);
                return;
            } catch (IsolationException e) {
                if (!hasState(e, IN_USE) || System.nanoTime() > limit) {
                    throw e;
                }
                LockSupport.parkNanos(IN_USE_PAUSE.toNanos());
            }
        }
    }

    /** Executes statements of the user's: some of them may last when another is refused, so they are said once. */
    synchronized void executeOnce(String sql) {
        renew();
        said(preparing(), () -> done(sql));
    }

    private String preparing() {
        return "prepare " + server.describe() + " for tests";
    }

    /**
     * The first column of what a query returns, which may follow statements that can be repeated; asked again where the
     * connection turns out to have been cut.
     */
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

    /** Connects anew where the connection was cut, and says whether it was. */
    private boolean renew() {
        if (closed) {
            throw new IllegalStateException("the administrator of " + server.describe() + " has left");
        }
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
        return said("ask " + server.describe() + " for its state", () -> insisting(() -> asked(sql)));
    }

    /** Something that is said to the server. */
    private interface Saying {
        List<String> say() throws SQLException;
    }

    private static List<String> said(String task, Saying saying) {
        try {
            return saying.say();
        } catch (SQLException e) {
            throw failed(task, e);
        }
    }

    /** What is forbidden is said once more, when the server has looked anew at what this administrator may do. */
    private List<String> insisting(Saying saying) throws SQLException {
        try {
            return saying.say();
        } catch (SQLException e) {
            if (FORBIDDEN.equals(e.getSQLState()) && hasLookedAnew(e)) {
                return saying.say();
            }
            throw e;
        }
    }

    private boolean hasLookedAnew(SQLException refusal) {
        try {
            var unused = asked(Memberships.lookingAnew(Facts.major(version())));
            return true;
        } catch (SQLException e) {
            refusal.addSuppressed(e);
            return false;
        }
    }

    private List<String> done(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            return List.of();
        }
    }

    private List<String> asked(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            boolean answers = statement.execute(sql);
            while (!answers && statement.getUpdateCount() >= 0) {
                answers = statement.getMoreResults();
            }
            return texts(statement);
        }
    }

    private static List<String> texts(Statement answered) throws SQLException {
        var texts = new ArrayList<String>();
        try (ResultSet rows = answered.getResultSet()) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /**
     * How a role is told its password. A server that is not ours gets only what it needs to verify it, because it may log
     * statements; ours logs none, and need not wait for this JVM to load its cryptography.
     */
    String passwordFor(Secret password) {
        return server.tenure().ours() ? password.reveal() : verifier(password);
    }

    /** The options of a role that may log in with a password, beginning with a space. */
    String loginWith(Secret password) {
        return " LOGIN PASSWORD '" + passwordFor(password) + "'";
    }

    /** The secrets are random and long, so one iteration is as good as thousands, and logging in stays quick. */
    private static String verifier(Secret password) {
        byte[] salt = new byte[SALT];
        new SecureRandom().nextBytes(salt);
        return PasswordUtil.encodeScramSha256(password.reveal().toCharArray(), 1, salt);
    }

    @Override
    public synchronized void close() {
        closed = true;
        try {
            connection.close();
        } catch (SQLException e) {
            throw failed("disconnect from " + server.describe(), e);
        }
    }

    /** Whether a failure is one that the server has told with that SQLSTATE. */
    static boolean hasState(IsolationException failure, String state) {
        return failure.getCause() instanceof SQLException cause && state.equals(cause.getSQLState());
    }

    private static IsolationException failed(String task, SQLException cause) {
        return new IsolationException(
                Explanation.couldNot(task)
                        .expected("the server to do as its administrator asks")
                        .found(cause.getMessage() + " (SQLSTATE " + cause.getSQLState() + ")")
                        .next("check the server's log and the administrator's rights"),
                cause);
    }
}
