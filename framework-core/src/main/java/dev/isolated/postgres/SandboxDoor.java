package dev.isolated.postgres;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** The door to a sandbox, before which the password is checked as a server would. Immutable. */
record SandboxDoor(Sandbox sandbox, Login login) implements Door {

    @Override
    public String holder() {
        return sandbox.tenant().name();
    }

    @Override
    public Socket socket() throws IOException {
        return VirtualSocket.to(new PasswordCheck(sandbox.connect(), login));
    }

    /** A connection whose statements are watched. */
    @Override
    public Connection connect(Properties given, String url) throws SQLException {
        Properties info = SandboxSocketFactory.properties(given, login.database(), this::socket);
        return new SandboxConnection(sandbox, login.host(), info, url);
    }
}
