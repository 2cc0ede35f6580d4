package dev.isolated.postgres;

import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.util.HostSpec;

/** A connection into a sandbox. As thread-safe as pgjdbc's. */
final class SandboxConnection extends WatchedConnection {

    private final Sandbox sandbox;

    SandboxConnection(Sandbox sandbox, HostSpec host, Properties info, String url) throws SQLException {
        super(sandbox.tenant(), host, info, url);
        this.sandbox = sandbox;
        sandbox.open().add(this);
    }

    @Override
    void closing() {
        sandbox.open().remove(this);
    }
}
