package dev.isolated.embedded;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A role that may create databases and roles and is no superuser, as the administrator of somebody else's server. */
final class ModestAdministrator {

    private static final String NAME = "modest_" + ProcessHandle.current().pid();

    private ModestAdministrator() {}

    static Endpoint on(Server server) throws SQLException {
        Secret password = Secret.random();
        execute(server, "CREATE ROLE " + NAME + " LOGIN CREATEDB CREATEROLE PASSWORD '" + password.reveal() + "'");
        Endpoint endpoint = server.endpoint();
        return Endpoint.plain(endpoint.host(), endpoint.port(), NAME, password);
    }

    static void removeFrom(Server server) throws SQLException {
        execute(server, "DROP ROLE " + NAME);
    }

    /** Runs a statement as the server's real administrator. */
    static void execute(Server server, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + server.endpoint().address() + "/postgres",
                        server.endpoint().user(),
                        server.endpoint().password().reveal());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
