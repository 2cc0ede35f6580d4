package dev.isolated.postgres;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Properties;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/**
 * The JDBC driver for {@link Postgres#isolatedUrl()}, {@code jdbc:isolated:postgres://token/test}, after which may come
 * {@code ?} and pgjdbc's parameters. Public because frameworks make one from its class name. Thread-safe.
 */
public final class SandboxDriver implements java.sql.Driver {

    static final String PREFIX = "jdbc:isolated:postgres:";
    /** Where pgjdbc, reading the parameters, need know neither host nor database. */
    private static final String PARAMETERS = "jdbc:postgresql:///";

    static {
        try {
            DriverManager.registerDriver(new SandboxDriver());
        } catch (SQLException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @Override
    public @Nullable Connection connect(String url, @Nullable Properties info) throws SQLException {
        if (!acceptsURL(url)) {
            return null;
        }
        int query = url.indexOf('?');
        String parameters = query < 0 ? "" : url.substring(query);
        Properties given = Driver.parseURL(PARAMETERS + parameters, info);
        if (given == null) {
            throw new SQLException("the parameters of the URL cannot be read: see pgjdbc's documentation", "08001");
        }
        try {
            return UrlToken.of(token(url.substring(PREFIX.length(), url.length() - parameters.length())))
                    .connect(given);
        } catch (Refusal e) {
            throw e.asSqlException();
        }
    }

    private static String token(String address) {
        return URLDecoder.decode(address.startsWith("//") ? address.substring(2) : address, StandardCharsets.UTF_8);
    }

    @Override
    public boolean acceptsURL(String url) {
        return url.startsWith(PREFIX);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String url, @Nullable Properties info) {
        return new Driver().getPropertyInfo(PARAMETERS, info == null ? new Properties() : info);
    }

    @Override
    public int getMajorVersion() {
        return new Driver().getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return new Driver().getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return false;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        throw new SQLFeatureNotSupportedException("this driver logs with System.Logger");
    }
}
