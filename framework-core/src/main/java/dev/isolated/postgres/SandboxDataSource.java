package dev.isolated.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** Opens connections into one sandbox, each a pgjdbc connection of its own. Thread-safe. */
final class SandboxDataSource extends TenantDataSource {

    private final Sandbox sandbox;
    private final UrlToken token;
    /** The driver only reads it. */
    private final Properties info;

    SandboxDataSource(Sandbox sandbox, Login login, UrlToken token) {
        super(sandbox.tenant(), login);
        this.sandbox = sandbox;
        this.token = token;
        info = SandboxSocketFactory.properties(
                login.database(), login.user(), login.password(), () -> VirtualSocket.to(sandbox.connect()));
    }

    Sandbox sandbox() {
        return sandbox;
    }

    @Override
    Connection open() throws SQLException {
        return new SandboxConnection(sandbox, login().host(), info, token.jdbcUrl());
    }
}
