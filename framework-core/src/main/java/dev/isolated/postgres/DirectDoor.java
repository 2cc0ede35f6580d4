package dev.isolated.postgres;

import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/** The door to a database without a sandbox, where the server itself asks for the password. Immutable. */
record DirectDoor(DirectConnections connections) implements Door {

    @Override
    public Login login() {
        return connections.login();
    }

    @Override
    public String holder() {
        return connections.tenant().name();
    }

    @Override
    public Socket socket() {
        return new Socket();
    }

    /** A connection whose statements are watched. */
    @Override
    public Connection connect(Properties given, String url) throws SQLException {
        return connections.open(given);
    }
}
