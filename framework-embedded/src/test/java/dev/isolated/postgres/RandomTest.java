package dev.isolated.postgres;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.spi.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/** A test that does things at random, and fails if it meets another one's. */
final class RandomTest {

    private static final Set<String> EXPECTED = Set.of(
            "22012", // division by zero
            "23505", // the key is there already
            "25P02", // an earlier statement of the transaction has failed
            "42601", // no SQL
            "42701", // the column is there already
            "42703", // the column is not there
            "42P01", // the table is not there
            "42P07"); // the table is there already

    private static final List<String> STATEMENTS = List.of(
            "insert into thing values (%d, '%s')",
            "insert into thing values (%d, '%s'), (%<s, 'twice')",
            "update thing set id = id + 1 where id > %d and tag = '%s'",
            "delete from thing where id = %d and tag <> '%s' || ''",
            "create table other_%d as select '%s' as tag",
            "drop table other_%d -- %s",
            "alter table thing add column c%d text default '%s'",
            "alter table thing drop column c%d -- %s",
            "truncate thing -- %d %s",
            "create index on thing (tag) -- %d %s",
            "select 1 / 0 -- %d %s",
            "nonsense %d %s",
            "begin -- %d %s",
            "commit -- %d %s",
            "rollback -- %d %s");

    private static final int STEPS = 12;
    private static final int KEYS = 5;

    private final Random random;
    private final ExecutorService threads;
    private final String tag;

    RandomTest(long seed, ExecutorService threads) {
        random = new Random(seed);
        this.threads = threads;
        tag = "test " + seed;
    }

    void run(Environments environments, Request request) throws SQLException {
        try (IsolatedEnvironment environment = environments.open(tag, List.of(request))) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection connection = postgres.connection()) {
                require(tables(connection).isEmpty(), "it found tables: " + tables(connection));
                Sql.run(connection, "create table thing (id int primary key, tag text)");
                for (int step = 0; step < STEPS; step++) {
                    step(connection);
                }
                Sql.run(connection, "rollback");
                requireOnlyOwn(connection);
            }
            abandon(postgres);
        }
    }

    private void step(Connection connection) throws SQLException {
        String sql = String.format(STATEMENTS.get(random.nextInt(STATEMENTS.size())), random.nextInt(KEYS), tag);
        try {
            Sql.run(connection, sql);
        } catch (SQLException e) {
            require(EXPECTED.contains(e.getSQLState()), sql + " failed with " + e.getSQLState() + ": " + e);
        }
    }

    private void requireOnlyOwn(Connection connection) throws SQLException {
        for (String table : tables(connection)) {
            List<String> tags = Sql.list(connection, "select distinct tag from " + table);
            require(Set.of(tag).containsAll(tags), "it found rows of others in " + table + ": " + tags);
        }
    }

    private static List<String> tables(Connection connection) throws SQLException {
        return Sql.list(connection, "select tablename from pg_tables where schemaname = current_schema()");
    }

    /** Leaves something open, or running. */
    private void abandon(Postgres postgres) throws SQLException {
        switch (random.nextInt(6)) {
            case 0 -> postgres.connection();
            case 1 -> Sql.run(postgres.connection(), "begin", "create table late (tag text)");
            case 2 -> Sql.run(postgres.connection(), "begin", "select 1");
            case 3 -> {
                Connection failed = postgres.connection();
                Sql.run(failed, "begin");
                require(Sql.state(() -> Sql.run(failed, "select 1 / 0")).equals("22012"), "division went well");
            }
            case 4 -> {
                Connection running = postgres.connection();
                threads.execute(() -> Sql.state(() -> Sql.run(running, "select pg_sleep(60)")));
            }
            default -> {}
        }
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(tag + ": " + otherwise);
        }
    }
}
