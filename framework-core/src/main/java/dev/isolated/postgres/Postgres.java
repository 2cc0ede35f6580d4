package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;
import javax.sql.DataSource;

/**
 * A test's own Postgres. Everything that is done through it is undone when the test ends; from then on it refuses to be
 * used, and names the test. Thread-safe.
 */
public final class Postgres {

    private final Tenant tenant;
    private final Login login;
    private final DataSource dataSource;
    private final Supplier<String> jdbcUrl;
    private final Supplier<String> isolatedUrl;

    Postgres(
            Tenant tenant, Login login, DataSource dataSource, Supplier<String> jdbcUrl, Supplier<String> isolatedUrl) {
        this.tenant = tenant;
        this.login = login;
        this.dataSource = dataSource;
        this.jdbcUrl = jdbcUrl;
        this.isolatedUrl = isolatedUrl;
    }

    /** Opens connections to the test's own data; the code under test may put a pool on top. */
    public DataSource dataSource() {
        tenant.verify();
        return dataSource;
    }

    /** A new connection, to be closed by the caller. */
    public Connection connection() throws SQLException {
        tenant.verify();
        return dataSource.getConnection();
    }

    /**
     * A URL for code that wants one, with {@link #user()} and {@link #password()}: pgjdbc in this JVM reaches the same
     * data through it. It begins with {@code jdbc:postgresql:}, by which many libraries know what database they meet, and
     * is dead when the test ends.
     */
    public String jdbcUrl() {
        tenant.verify();
        return jdbcUrl.get();
    }

    /**
     * The same as a {@code jdbc:isolated:} URL, for {@link SandboxDriver}: its connections' statements are watched like
     * those of {@link #dataSource()}.
     */
    public String isolatedUrl() {
        tenant.verify();
        return isolatedUrl.get();
    }

    public String user() {
        return login.user();
    }

    /** The password of {@link #user()}; new for every run. */
    public Secret password() {
        return login.password();
    }

    public String database() {
        return login.database();
    }

    @Override
    public String toString() {
        return "Postgres of " + tenant.name() + " (database " + login.database() + ")";
    }
}
