package dev.isolated.embedded;

import java.io.IOException;
import java.sql.SQLException;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives each test class an {@link OwnServer}, which stops when the class is over. Stateless. */
final class OwnServers implements BeforeAllCallback, ParameterResolver {

    private static final Namespace SERVERS = Namespace.create(OwnServers.class);

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, SQLException {
        context.getStore(SERVERS).put(OwnServer.class, OwnServer.start());
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == OwnServer.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getStore(SERVERS).get(OwnServer.class, OwnServer.class);
    }
}
