package dev.isolated.postgres;

import java.sql.Connection;
import java.sql.SQLException;

/** How a random program gets its connections. */
@FunctionalInterface
interface Route {

    Connection open() throws SQLException;
}
