package dev.isolated.postgres;

import dev.isolated.spi.Tenant;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** What a test opens its connections with; when its time is over it refuses, and names the test. Thread-safe. */
abstract class TenantDataSource implements DataSource {

    private final Tenant tenant;
    private final Login login;
    private volatile @Nullable PrintWriter logWriter;
    private volatile int loginTimeout;

    TenantDataSource(Tenant tenant, Login login) {
        this.tenant = tenant;
        this.login = login;
    }

    /** A new connection of a tenant whose time is not over. */
    abstract Connection open() throws SQLException;

    final Tenant tenant() {
        return tenant;
    }

    final Login login() {
        return login;
    }

    @Override
    public final Connection getConnection() throws SQLException {
        if (tenant.ended()) {
            throw new SQLException(tenant.whatEnded().toString(), "08003");
        }
        return open();
    }

    @Override
    public final Connection getConnection(String username, String password) throws SQLException {
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
