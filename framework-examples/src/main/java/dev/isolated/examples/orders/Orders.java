package dev.isolated.examples.orders;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * Takes orders. A request that is sent twice is one order; an order is placed as a whole or not at all; stock is never sold
 * twice. Thread-safe: the database decides.
 */
public final class Orders {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String STOCK_CONSTRAINT = "stock_is_never_negative";

    private final DataSource database;

    public Orders(DataSource database) {
        this.database = database;
    }

    /** Adds an article to what can be ordered. */
    public void offer(String sku, int priceCents, int stock) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO article VALUES (?, ?, ?)")) {
            insert.setString(1, sku);
            insert.setInt(2, priceCents);
            insert.setInt(3, stock);
            insert.executeUpdate();
        }
    }

    /**
     * Places an order.
     *
     * @param requestKey the same for every attempt at the same order
     * @return the order's number, also when an earlier attempt has placed it
     */
    public long place(String requestKey, String customer, Map<String, Integer> quantities)
            throws SQLException, OutOfStockException {
        if (quantities.isEmpty() || quantities.values().stream().anyMatch(quantity -> quantity <= 0)) {
            throw new IllegalArgumentException(
                    "an order needs at least one of each of its articles, not " + quantities);
        }
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            try {
                OptionalLong order = insertOrder(connection, requestKey, customer);
                if (order.isEmpty()) {
                    return find(connection, requestKey);
                }
                // In one order for all, so that two orders of the same articles never wait for each other.
                for (var line : new TreeMap<>(quantities).entrySet()) {
                    addLine(connection, order.getAsLong(), line.getKey(), line.getValue());
                }
                connection.commit();
                return order.getAsLong();
            } finally {
                connection.rollback();
            }
        }
    }

    /** What is left of an article. */
    public int stock(String sku) throws SQLException {
        return (int) number("SELECT stock FROM article WHERE sku = ?", sku);
    }

    /** How many orders a customer has placed. */
    public long count(String customer) throws SQLException {
        return number("SELECT count(*) FROM customer_order WHERE customer = ?", customer);
    }

    /** What a customer's orders cost together. */
    public long total(String customer) throws SQLException {
        return number("SELECT coalesce(sum(total_cents), 0) FROM customer_order WHERE customer = ?", customer);
    }

    private static OptionalLong insertOrder(Connection connection, String requestKey, String customer)
            throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO customer_order (request_key, customer, total_cents) VALUES (?, ?, 0) RETURNING id")) {
            insert.setString(1, requestKey);
            insert.setString(2, customer);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return OptionalLong.of(row.getLong(1));
            }
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            connection.rollback(before);
            return OptionalLong.empty();
        }
    }

    private static void addLine(Connection connection, long order, String sku, int quantity)
            throws SQLException, OutOfStockException {
        try (PreparedStatement take =
                        connection.prepareStatement("UPDATE article SET stock = stock - ? WHERE sku = ?");
                PreparedStatement line = connection.prepareStatement("INSERT INTO order_line VALUES (?, ?, ?)");
                PreparedStatement price =
                        connection.prepareStatement("UPDATE customer_order SET total_cents = total_cents"
                                + " + ? * (SELECT price_cents FROM article WHERE sku = ?) WHERE id = ?")) {
            take.setInt(1, quantity);
            take.setString(2, sku);
            take.executeUpdate();
            line.setLong(1, order);
            line.setString(2, sku);
            line.setInt(3, quantity);
            line.executeUpdate();
            price.setInt(1, quantity);
            price.setString(2, sku);
            price.setLong(3, order);
            price.executeUpdate();
        } catch (PSQLException e) {
            ServerErrorMessage error = e.getServerErrorMessage();
            if (error != null && STOCK_CONSTRAINT.equals(error.getConstraint())) {
                throw new OutOfStockException(sku, e);
            }
            throw e;
        }
    }

    private static long find(Connection connection, String requestKey) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("SELECT id FROM customer_order WHERE request_key = ?")) {
            select.setString(1, requestKey);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private long number(String sql, String argument) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, argument);
            try (ResultSet row = select.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }
}
