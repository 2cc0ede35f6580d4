package dev.isolated.compatibility;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Scanner;

/** A program that knows no more than a URL, a user and, from its input, a password. */
final class OtherProcess {

    private OtherProcess() {}

    public static void main(String[] arguments) throws Exception {
        String password = new Scanner(System.in, StandardCharsets.UTF_8).nextLine();
        try (Connection connection = DriverManager.getConnection(arguments[0], arguments[1], password)) {
            connection.setAutoCommit(false);
            Sql.run(connection, "insert into book values ('by another process')");
            connection.commit();
            System.out.println(Sql.list(connection, "select title from book order by title desc"));
        }
    }
}
