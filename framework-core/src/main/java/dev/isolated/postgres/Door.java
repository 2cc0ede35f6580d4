package dev.isolated.postgres;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/**
 * A sandbox as somebody finds it who comes by a URL and, other than the holder of the handle, has to show a password.
 * Immutable.
 */
record Door(Sandbox sandbox, Login login) {

    /** For a driver that opens the connection itself. */
    Socket socket() throws IOException {
        return VirtualSocket.to(new PasswordCheck(sandbox.connect(), login));
    }

    /** A connection whose statements are watched; {@code given} are the driver's properties, the password among them. */
    Connection connect(Properties given) throws SQLException {
        Properties info = SandboxSocketFactory.properties(given, login.database(), this::socket);
        return new SandboxConnection(sandbox, login.host(), info, login.url());
    }
}
