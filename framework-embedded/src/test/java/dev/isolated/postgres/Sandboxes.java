package dev.isolated.postgres;

import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.spi.Request;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test a sandbox of one server, which all test classes of the JVM share. Thread-safe. */
final class Sandboxes implements ParameterResolver {

    private static final Request REQUEST = Request.of(Postgres.class);
    private static final Environments SHARED = environments(Map.of());

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(SHARED::close));
    }

    /** A server of its own, whose settings differ by these. */
    static Environments environments(Map<String, String> more) {
        var declared = new HashMap<>(Map.of(
                "isolated.environments.max", "3",
                "isolated.lease.warm", "1",
                "isolated.postgres.grace", "100ms"));
        declared.putAll(more);
        var catalog = Catalog.found();
        return new Environments(catalog, catalog.settings(declared, Map.of()), new SimpleMeterRegistry());
    }

    /** An environment whose end is the caller's business. */
    static IsolatedEnvironment open(String name) {
        return open(SHARED, name);
    }

    static IsolatedEnvironment open(Environments environments, String name) {
        return environments.open(name, List.of(REQUEST));
    }

    /** A connection to the same database as the sandbox's, without a sandbox: what production would do. */
    static Connection bare(Postgres postgres) throws SQLException {
        return bare(postgres, "");
    }

    static Connection bare(Postgres postgres, String options) throws SQLException {
        Login login = login(postgres);
        return DriverManager.getConnection(
                login.directUrl() + "&" + options,
                login.user(),
                login.password().reveal());
    }

    /** How the role of the test logs in to the server itself; in a sandbox the test is not told. */
    static Login login(Postgres postgres) {
        return postgres.dataSource() instanceof SandboxDataSource sandboxed
                ? sandboxed.sandbox().physical().login()
                : ((TenantDataSource) postgres.dataSource()).login();
    }

    /** A connection to the sandbox by its URL. */
    static Connection byUrl(Postgres postgres, String more) throws SQLException {
        return DriverManager.getConnection(
                postgres.jdbcUrl() + more, postgres.user(), postgres.password().reveal());
    }

    static String url(Postgres postgres) {
        return postgres.jdbcUrl().substring(0, postgres.jdbcUrl().indexOf('?'));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Postgres.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        IsolatedEnvironment environment = open(context.getDisplayName());
        context.getStore(Namespace.create(Sandboxes.class, context.getUniqueId()))
                .put("environment", environment);
        return environment.get(Postgres.class);
    }
}
