package dev.isolated.embedded;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Reads all rows of a query, and says how many there were and how many characters. */
final class ClickHouseReadMain {

    private ClickHouseReadMain() {}

    public static void main(String[] arguments) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        arguments[0],
                        System.getenv("TEST_CLICKHOUSE_USER"),
                        System.getenv("TEST_CLICKHOUSE_PASSWORD"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(arguments[1])) {
            long count = 0;
            long characters = 0;
            while (rows.next()) {
                count++;
                characters += rows.getString(2).length();
            }
            System.out.println(count + " rows, " + characters + " characters");
        }
    }
}
