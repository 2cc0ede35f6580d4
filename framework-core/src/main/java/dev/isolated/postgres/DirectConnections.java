package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Collectors;

/** Opens a test's connections to a database that it has to itself, and takes them away when the test ends. Thread-safe. */
final class DirectConnections extends TenantDataSource {

    private static final String TOO_MANY = "53300";

    private final int most;
    private final Set<DirectConnection> open = ConcurrentHashMap.newKeySet();
    private final Set<Integer> backends = ConcurrentHashMap.newKeySet();
    private final ReadWriteLock gate = new ReentrantReadWriteLock(true);

    /** For {@code most} connections at the same time, which the server sees to. */
    DirectConnections(Tenant tenant, Login login, int most) {
        super(tenant, login);
        this.most = most;
    }

    @Override
    Connection open() throws SQLException {
        return open(login());
    }

    /** A connection with the properties of a driver's caller, user and password among them. */
    Connection open(Properties given) throws SQLException {
        Map<String, String> more = new HashMap<>(login().more());
        given.stringPropertyNames().forEach(name -> more.put(name, given.getProperty(name)));
        var password = Secret.of(given.getProperty("password", ""));
        return open(new Login(
                login().server(), login().database(), given.getProperty("user", login().user()), password, more));
    }

    private Connection open(Login by) throws SQLException {
        gate.readLock().lock();
        try {
            return admitted(by);
        } finally {
            gate.readLock().unlock();
        }
    }

    private Connection admitted(Login by) throws SQLException {
        DirectConnection opened = connect(by);
        open.add(opened);
        backends.add(opened.getBackendPID());
        if (tenant().ended()) {
            opened.abort(Runnable::run);
            throw new SQLException(tenant().whatEnded().toString(), "08003");
        }
        return opened;
    }

    private DirectConnection connect(Login by) throws SQLException {
        try {
            return Line.open(by, (host, info, url) -> new DirectConnection(this, host, info, url))
                    .driver();
        } catch (IOException e) {
            throw new SQLException("the server could not be reached: " + e.getMessage(), "08001", e);
        } catch (SQLException e) {
            throw TOO_MANY.equals(e.getSQLState()) ? tooMany(e) : e;
        }
    }

    private SQLException tooMany(SQLException cause) {
        String message = Explanation.couldNot("open one more connection of " + tenant().name())
                .expected("at most " + most + " at the same time, of which this data source has opened " + open.size())
                .found(String.valueOf(cause.getMessage()))
                .next("close what is not needed, make the application's pool smaller, or raise "
                        + PostgresKeys.CONNECTIONS)
                .toString();
        return new SQLException(message, TOO_MANY, cause);
    }

    void remove(DirectConnection connection) {
        open.remove(connection);
    }

    /** Whether the session of that backend was opened here. */
    boolean opened(int backend) {
        return backends.contains(backend);
    }

    /** Whether a line of the server's log begins with the number of a backend of these connections, as it does by default. */
    boolean logged(String line) {
        return backends.stream().anyMatch(backend -> line.contains("[" + backend + "]"));
    }

    /** Where each connection was opened, and whether it is in a transaction. */
    String describe() {
        return open.stream().map(DirectConnection::describe).sorted().collect(Collectors.joining("\n"));
    }

    /** Those that have a transaction open. */
    List<String> inTransaction() {
        return open.stream()
                .filter(DirectConnection::inTransaction)
                .map(DirectConnection::describe)
                .toList();
    }

    /** Does something while nobody can open a connection here; who wants to waits. */
    void alone(Runnable task) {
        gate.writeLock().lock();
        try {
            task.run();
        } finally {
            gate.writeLock().unlock();
        }
    }

    /** Takes all connections away from a tenant who may open others; what had to be undone for that is returned. */
    List<String> interrupt() {
        List<DirectConnection> interrupted = List.copyOf(open);
        interrupted.forEach(this::abort);
        return interrupted.stream()
                .filter(DirectConnection::inTransaction)
                .map(it -> "a transaction, rolled back, on a connection " + it.opened())
                .toList();
    }

    private void abort(DirectConnection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            throw notCut(e);
        }
    }

    private IsolationException notCut(SQLException cause) {
        return new IsolationException(
                Explanation.couldNot("cut off " + tenant().name() + " from " + login().database())
                        .expected("its connections to be closed")
                        .found(String.valueOf(cause.getMessage()))
                        .next("see the cause; the database is replaced"),
                cause);
    }

    /** Reports and takes away all that is still open; the tenant's time is over. */
    void cutOff() {
        for (DirectConnection each : open) {
            try {
                each.cutOff(Runnable::run);
            } catch (SQLException e) {
                throw notCut(e);
            }
        }
    }
}
