package dev.isolated.clickhouse;

import dev.isolated.spi.Tenant;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** The driver's data source for as long as a test has its database; then it and all that came of it refuse. Thread-safe. */
final class TenantDataSource implements DataSource {

    private final Tenant tenant;
    private final DataSource driver;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();

    TenantDataSource(Tenant tenant, DataSource driver) {
        this.tenant = tenant;
        this.driver = driver;
    }

    @Override
    public Connection getConnection() throws SQLException {
        tenant.verify();
        return lent(driver.getConnection());
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
        tenant.verify();
        return lent(driver.getConnection(user, password));
    }

    /** One that was opened while the lease ended may have been missed by whoever closes all that is open. */
    private Connection lent(Connection opened) throws SQLException {
        open.add(opened);
        if (tenant.ended()) {
            open.remove(opened);
            opened.close();
            tenant.verify();
        }
        return TenantProxy.of(opened, tenant, () -> open.remove(opened));
    }

    /** Closes what is open, and reports it. */
    void end() {
        if (!open.isEmpty()) {
            tenant.report(open.size() + " connections that it had opened with ClickHouse.dataSource()");
        }
        for (Connection connection : open) {
            try {
                connection.close();
            } catch (SQLException e) {
                Log.LOGGER.log(System.Logger.Level.WARNING, "a connection of " + tenant.name() + " did not close", e);
            }
        }
        open.clear();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return driver.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter writer) throws SQLException {
        driver.setLogWriter(writer);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        driver.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return driver.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getLogger("com.clickhouse");
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return type.isInstance(this) ? type.cast(this) : driver.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || driver.isWrapperFor(type);
    }
}
