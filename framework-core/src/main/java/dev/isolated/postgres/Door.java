package dev.isolated.postgres;

import java.io.IOException;
import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;

/**
 * What somebody finds who comes by a URL, and who, other than the holder of the handle, has to show a password.
 * Thread-safe.
 */
interface Door {

    Login login();

    /** Whose it is, for messages: a test. */
    String holder();

    /** For a driver that opens the connection itself. */
    Socket socket() throws IOException;

    /**
     * A new connection.
     *
     * @param given the driver's properties, user and password among them
     * @param url a URL that leads here, in the words of pgjdbc
     */
    Connection connect(Properties given, String url) throws SQLException;
}
