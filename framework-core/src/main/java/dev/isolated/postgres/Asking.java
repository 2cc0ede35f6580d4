package dev.isolated.postgres;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** Where questions are put to a server; names of tables need their schema. As thread-safe as what is asked. */
interface Asking {

    /**
     * The rows that answer a query; NULL is empty.
     *
     * @throws SQLException when the server refuses to answer
     */
    List<List<String>> ask(String query) throws IOException, SQLException;

    /** The first column of what a query returns. */
    default List<String> first(String query) throws IOException, SQLException {
        return ask(query).stream().map(row -> row.get(0)).toList();
    }
}
