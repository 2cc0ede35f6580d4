package dev.isolated.postgres;

import java.net.Socket;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;

/**
 * The door to a database without a sandbox. Immutable.
 *
 * @param holder what it is for
 */
record DirectDoor(Login login, String holder) implements Door {

    @Override
    public Socket socket() {
        return new Socket();
    }

    @Override
    public Connection connect(Properties given) throws SQLException {
        return new Driver().connect(login.url(), given);
    }
}
