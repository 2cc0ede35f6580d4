package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Tenant;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A test's own Postgres. Everything that is done through it is undone when the test ends; from then on it refuses to be
 * used, and names the test. Thread-safe.
 */
public final class Postgres {

    private final Sandbox sandbox;
    private final Tenant tenant;
    private final SandboxDataSource.Login login;
    private final SandboxDataSource dataSource;
    private final UrlToken token;

    Postgres(Sandbox sandbox, SandboxDataSource.Login login, UrlToken token) {
        this.sandbox = sandbox;
        this.login = login;
        this.token = token;
        tenant = sandbox.tenant();
        dataSource = new SandboxDataSource(sandbox, login);
    }

    /** Opens connections that share the test's transaction; the code under test may put a pool on top. */
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
     * transaction through it. It is dead when the test ends.
     */
    public String jdbcUrl() {
        tenant.verify();
        String argument = token.issue(tenant.name(), () -> VirtualSocket.to(sandbox.connect()));
        return login.url() + "?socketFactory=" + SandboxSocketFactory.class.getName() + "&socketFactoryArg="
                + URLEncoder.encode(argument, StandardCharsets.UTF_8)
                + "&sslmode=disable&gssEncMode=disable&assumeMinServerVersion=14";
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
