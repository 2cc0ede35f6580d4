package dev.isolated.application;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/** Code under test, in a package that is none of the library's own. */
public final class Application {

    private Application() {}

    public static Connection open(DataSource dataSource) throws SQLException {
        return dataSource.getConnection();
    }

    public static Statement statement(Connection connection) throws SQLException {
        return connection.createStatement();
    }

    public static PreparedStatement prepare(Connection connection) throws SQLException {
        return connection.prepareStatement("select 2");
    }

    public static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
