package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
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
    private final boolean direct;

    /** In a sandbox. */
    Postgres(SandboxDataSource sandbox, UrlToken token) {
        this(sandbox, token::jdbcUrl, token, false);
    }

    /** In a database where any client that logs in to the server finds the test's data. */
    Postgres(DirectConnections connections, UrlToken token) {
        this(connections, connections.login()::directUrl, token, true);
    }

    private Postgres(TenantDataSource source, Supplier<String> jdbcUrl, UrlToken token, boolean direct) {
        tenant = source.tenant();
        login = source.login();
        dataSource = source;
        this.jdbcUrl = jdbcUrl;
        isolatedUrl = token::isolatedUrl;
        this.direct = direct;
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
     * data through it, and where each test has a database or a schema of its own, so does pgjdbc in any other process. It
     * begins with {@code jdbc:postgresql:}, by which many libraries know what database they meet, and is dead when the
     * test ends.
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

    /** The server's host, for clients other than pgjdbc; they cannot take part in the transaction of TRANSACTION mode. */
    public String host() {
        requireDirect("host");
        return login.server().host();
    }

    /** The server's port, for the same clients as {@link #host()}. */
    public int port() {
        requireDirect("port");
        return login.server().port();
    }

    private void requireDirect(String what) {
        tenant.verify();
        if (!direct) {
            throw new IsolationException(
                    Explanation.couldNot("tell " + tenant.name() + " the " + what + " of its Postgres")
                            .expected("a mode in which any client can reach the test's data, such as DATABASE")
                            .found("TRANSACTION, whose data is in one transaction that other clients cannot see")
                            .next("use dataSource() or jdbcUrl(), or ask for @Isolated(mode = \"DATABASE\")"));
        }
    }

    public String user() {
        return login.user();
    }

    /** The password of {@link #user()}; new for every test. In TRANSACTION mode it opens the sandbox, and not the server. */
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
