package dev.isolated.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.postgresql.core.BaseConnection;

/** JDBC calls as a seed has them, on one connection after another. Not thread-safe. */
final class RandomProgram {

    private static final int STEPS = 25;

    private final Random random;
    private final Route route;
    private final RandomSql sql;
    private final RandomData data;
    private final RandomCancel cancel;
    private final List<Savepoint> savepoints = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();
    private Connection connection;

    private RandomProgram(long seed, Route route, Postgres postgres) throws SQLException {
        this.route = route;
        random = new Random(seed);
        sql = new RandomSql(random);
        data = new RandomData(random, sql);
        cancel = new RandomCancel(random, sql, postgres);
        connection = route.open();
    }

    /** What its calls have answered, how its transaction stood after each, and the rows that it leaves. */
    static List<String> run(long seed, Route route, Postgres postgres) throws SQLException {
        var program = new RandomProgram(seed, route, postgres);
        try {
            return program.run();
        } finally {
            program.connection.close();
        }
    }

    private List<String> run() throws SQLException {
        Sql.run(connection, RandomSql.TABLES);
        for (int step = 0; step < STEPS; step++) {
            seen.add(outcome() + " " + standing());
        }
        seen.add(reopen());
        seen.add("finally " + Outcome.of(connection, "select id, name from thing order by id")
                + Outcome.of(connection, "select id, name from keyed order by id"));
        return seen;
    }

    private String outcome() {
        try {
            return random.nextInt(30) == 0 ? rareStep() : random.nextInt(3) == 0 ? controlStep() : dataStep();
        } catch (SQLException e) {
            return Outcome.failure(e);
        }
    }

    private String standing() throws SQLException {
        return connection.isClosed()
                ? "and is lost, " + reopen()
                : connection.unwrap(BaseConnection.class).getTransactionState().toString();
    }

    private String rareStep() throws SQLException {
        return switch (random.nextInt(16)) {
            case 0 -> cancel.byTimeout(connection);
            case 1, 2, 3 -> cancel.byAnotherThread(connection);
            default -> reopen();
        };
    }

    private String controlStep() throws SQLException {
        return switch (random.nextInt(10)) {
            case 0, 1 -> autocommit();
            case 2, 3 -> savepoint();
            case 4 -> rollbackTo();
            case 5 -> release();
            case 6 -> commit();
            case 7 -> rollback();
            case 8 -> readOnly();
            default -> isolation();
        };
    }

    private String dataStep() throws SQLException {
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> text(sql.write());
            case 3 -> text(sql.plain());
            case 4, 5 -> text(sql.any());
            case 6 -> text(random.nextInt(5) == 0 ? random.nextBoolean() ? "" : sql.many() : sql.any());
            case 7 -> data.preparedBatch(connection);
            case 8 -> data.mixedBatch(connection);
            case 9 -> data.prepared(connection);
            case 10 -> data.generatedKeys(connection);
            case 11 -> data.cursor(connection);
            case 12 -> data.copyIn(connection);
            default -> data.copyOut(connection);
        };
    }

    private String text(String text) throws SQLException {
        return text + ": " + Outcome.of(connection, text);
    }

    /** Also in the midst of a transaction. */
    private String reopen() throws SQLException {
        connection.close();
        savepoints.clear();
        connection = route.open();
        return "reopened";
    }

    private String autocommit() throws SQLException {
        boolean on = random.nextBoolean();
        connection.setAutoCommit(on);
        return "autocommit " + on;
    }

    private String readOnly() throws SQLException {
        boolean on = random.nextInt(3) == 0;
        connection.setReadOnly(on);
        return "read-only " + on;
    }

    private String isolation() throws SQLException {
        connection.setTransactionIsolation(
                random.nextBoolean() ? Connection.TRANSACTION_READ_COMMITTED : Connection.TRANSACTION_READ_UNCOMMITTED);
        return "isolation " + connection.getTransactionIsolation();
    }

    private String savepoint() throws SQLException {
        savepoints.add(connection.setSavepoint());
        return "savepoint " + savepoints.size();
    }

    private String rollbackTo() throws SQLException {
        if (savepoints.isEmpty()) {
            return "no savepoint";
        }
        connection.rollback(savepoints.get(random.nextInt(savepoints.size())));
        return "back at a savepoint";
    }

    private String release() throws SQLException {
        if (savepoints.isEmpty()) {
            return "no savepoint";
        }
        connection.releaseSavepoint(savepoints.remove(random.nextInt(savepoints.size())));
        return "released";
    }

    private String commit() throws SQLException {
        connection.commit();
        return "committed";
    }

    private String rollback() throws SQLException {
        connection.rollback();
        return "rolled back";
    }
}
