package dev.isolated.clickhouse;

import dev.isolated.spi.Tenant;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A connection or a statement of the driver's that knows whose it is: what is done with it too late is refused, and the test is
 * named. Thread-safe as far as the driver is.
 */
final class TenantProxy implements InvocationHandler {

    /** What a connection makes, the most special first. */
    private static final List<Class<? extends Statement>> STATEMENTS =
            List.of(CallableStatement.class, PreparedStatement.class, Statement.class);

    /** The state of a connection that does not exist. */
    private static final String NO_CONNECTION = "08003";

    private final Object driver;
    private final Tenant tenant;
    private final @Nullable Connection connection;
    private final Runnable closed;

    private TenantProxy(Object driver, Tenant tenant, @Nullable Connection connection, Runnable closed) {
        this.driver = driver;
        this.tenant = tenant;
        this.connection = connection;
        this.closed = closed;
    }

    static Connection of(Connection driver, Tenant tenant, Runnable closed) {
        return proxy(Connection.class, new TenantProxy(driver, tenant, null, closed));
    }

    @Override
    public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        return switch (method.getName()) {
            case "equals" -> arguments != null && proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            case "getConnection" -> connection;
            case "close", "abort" -> {
                closed.run();
                yield passedOn(proxy, method, arguments);
            }
            case "isClosed", "isValid", "toString" -> passedOn(proxy, method, arguments);
            default -> {
                if (tenant.ended()) {
                    throw new SQLException(tenant.whatEnded().toString(), NO_CONNECTION);
                }
                yield passedOn(proxy, method, arguments);
            }
        };
    }

    private @Nullable Object passedOn(Object proxy, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            Object result = method.invoke(driver, arguments);
            return driver instanceof Connection ? owned(result, (Connection) proxy) : result;
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }

    private @Nullable Object owned(@Nullable Object made, Connection proxy) {
        for (Class<? extends Statement> type : STATEMENTS) {
            if (type.isInstance(made)) {
                return proxy(type, new TenantProxy(made, tenant, proxy, () -> {}));
            }
        }
        return made;
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(TenantProxy.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
