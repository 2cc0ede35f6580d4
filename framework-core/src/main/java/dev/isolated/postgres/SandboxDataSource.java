package dev.isolated.postgres;

import dev.isolated.spi.Tenant;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Opens connections into one sandbox, each a pgjdbc connection of its own. Thread-safe. */
final class SandboxDataSource implements DataSource {

    private final Sandbox sandbox;
    private final Tenant tenant;
    private final Login login;
    private volatile @Nullable PrintWriter logWriter;
    private volatile int loginTimeout;

    SandboxDataSource(Sandbox sandbox, Login login) {
        this.sandbox = sandbox;
        this.login = login;
        tenant = sandbox.tenant();
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (tenant.ended()) {
            throw new SQLException(tenant.whatEnded().toString(), "08003");
        }
        Properties info = SandboxSocketFactory.properties(
                login.database(), login.user(), login.password(), () -> VirtualSocket.to(sandbox.connect()));
        return new SandboxConnection(sandbox, login.host(), info, login.url());
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        if (!username.equals(login.user()) || !password.equals(login.password().reveal())) {
            throw PasswordCheck.wrongPassword(username).asSqlException();
        }
        return getConnection();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
        return logWriter;
    }

    @Override
    public void setLogWriter(@Nullable PrintWriter out) {
        logWriter = out;
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("this data source logs with System.Logger");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new SQLException("not a wrapper for " + type.getName());
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this);
    }

    @Override
    public String toString() {
        return "DataSource of " + tenant.name();
    }
}
