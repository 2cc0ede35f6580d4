package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Mischief;
import dev.isolated.contract.Mischief.Deed;
import dev.isolated.contract.OwnThread;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What tests do to a Postgres, each of which has outlived a rollback somewhere. */
final class PostgresMischief {

    /** SCHEMA isolation where the administrator's role is also that of all tests. */
    static final String WITHOUT_ROLES = "SCHEMA without roles";

    private static final Set<String> BEYOND_SCHEMAS = Set.of("new schemas");
    private static final Set<String> BEYOND_ROLES =
            Set.of("new schemas", "settings of the session", "settings of the role", "large objects");

    private final PostgresProbe probe;
    private final String mode;

    PostgresMischief(PostgresProbe probe, String mode) {
        this.probe = probe;
        this.mode = mode;
    }

    /** All that the mode keeps from the next test. */
    List<Mischief<Postgres>> all() {
        Set<String> beyond = switch (mode) {
            case PostgresService.SCHEMA -> BEYOND_SCHEMAS;
            case WITHOUT_ROLES -> BEYOND_ROLES;
            default -> Set.of();
        };
        return known().filter(it -> !beyond.contains(it.name())).toList();
    }

    private Stream<Mischief<Postgres>> known() {
        return Stream.of(
                Mischief.of(
                        "session advisory locks",
                        sql("SELECT pg_advisory_lock(42)", "SELECT pg_advisory_lock_shared(43)"),
                        finds(
                                0,
                                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()")),
                Mischief.again("a statement prepared in SQL", sql("PREPARE nasty AS SELECT 1")),
                Mischief.again(
                        "new tables, types and functions",
                        sql(
                                "CREATE TABLE more (id int PRIMARY KEY)",
                                "CREATE TYPE mood AS ENUM ('good', 'bad')",
                                "CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1'")),
                Mischief.again("new schemas", sql("CREATE SCHEMA other", "CREATE TABLE other.more (id int)")),
                Mischief.again("dropping what every test starts with", sql("DROP TABLE entries")),
                Mischief.again(
                        "emptying and altering a table",
                        sql("TRUNCATE entries", "ALTER TABLE entries ADD more text", "ALTER TABLE entries DROP value")),
                Mischief.again(
                        "temporary tables",
                        sql("CREATE TEMP TABLE scratch (id int)", "CREATE TEMP TABLE entries (nothing int)")),
                Mischief.of(
                        "settings of the session",
                        sql(
                                "SET search_path TO nowhere",
                                "SET statement_timeout TO 12345",
                                "SET TIME ZONE 'Asia/Tokyo'"),
                        finds(
                                1,
                                "SELECT count(*) WHERE current_setting('search_path') = '\"$user\", public'"
                                        + " AND current_setting('statement_timeout') = '0'"
                                        + " AND current_setting('TimeZone') <> 'Asia/Tokyo'")),
                Mischief.of(
                        "settings of the role",
                        sql(
                                // In a block, where a sandbox does not see what it would refuse.
                                "DO 'BEGIN ALTER ROLE CURRENT_USER SET statement_timeout TO 1; END'",
                                "ALTER ROLE CURRENT_USER PASSWORD 'x'"),
                        finds(0, "SELECT count(*) FROM pg_db_role_setting WHERE setrole = current_user::regrole")),
                Mischief.again("large objects", sql("SELECT lo_create(4242)")),
                Mischief.of("sequences", PostgresMischief::countUp, PostgresMischief::hasNoCurrentValue),
                Mischief.again("ending the transaction in SQL", sql("BEGIN", "COMMIT", "BEGIN", "ROLLBACK", "COMMIT")),
                Mischief.again("a failed statement in an open transaction", PostgresMischief::failInTransaction),
                Mischief.again("an abandoned connection with an open cursor", PostgresMischief::abandonCursor),
                Mischief.again("an abandoned connection with savepoints", PostgresMischief::abandonSavepoints),
                Mischief.again("a statement that still runs", this::leaveRunning),
                endOfBackend());
    }

    /** Only where one connection is beneath all others is its end that of the slice. */
    private Mischief<Postgres> endOfBackend() {
        String name = "the end of its own backend";
        return mode.equals(PostgresService.TRANSACTION)
                ? Mischief.fatal(name, PostgresMischief::endBackend)
                : Mischief.again(name, PostgresMischief::endBackend);
    }

    private static Deed<Postgres> sql(String... statements) {
        return handle -> {
            try (Connection connection = handle.connection();
                    Statement statement = connection.createStatement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        };
    }

    private static Deed<Postgres> finds(long expected, String query) {
        return handle -> {
            try (Connection connection = handle.connection()) {
                assertThat(PostgresProbe.number(connection, query)).as(query).isEqualTo(expected);
            }
        };
    }

    private static void countUp(Postgres handle) throws SQLException {
        try (Connection connection = handle.connection()) {
            long number = PostgresProbe.number(connection, "SELECT nextval('numbers')");
            assertThat(PostgresProbe.number(connection, "SELECT currval('numbers')"))
                    .isEqualTo(number);
        }
    }

    private static void hasNoCurrentValue(Postgres handle) throws SQLException {
        try (Connection connection = handle.connection()) {
            assertThatThrownBy(() -> PostgresProbe.number(connection, "SELECT currval('numbers')"))
                    .hasMessageContaining("not yet defined in this session");
        }
    }

    @SuppressWarnings("resource")
    private static void failInTransaction(Postgres handle) throws SQLException {
        Connection abandoned = handle.connection();
        abandoned.setAutoCommit(false);
        Statement statement = abandoned.createStatement();
        statement.execute("INSERT INTO entries VALUES ('uncommitted', '')");
        assertThatThrownBy(() -> statement.execute("SELECT 1/0")).hasMessageContaining("division by zero");
        assertThatThrownBy(() -> statement.execute("SELECT 1")).hasMessageContaining("aborted");
    }

    @SuppressWarnings("resource")
    private static void abandonCursor(Postgres handle) throws SQLException {
        Connection abandoned = handle.connection();
        abandoned.setAutoCommit(false);
        Statement statement = abandoned.createStatement();
        statement.setFetchSize(10);
        assertThat(statement.executeQuery("SELECT generate_series(1, 1000)").next())
                .isTrue();
    }

    @SuppressWarnings("resource")
    private static void abandonSavepoints(Postgres handle) throws SQLException {
        Connection abandoned = handle.connection();
        abandoned.setAutoCommit(false);
        abandoned.setSavepoint("first");
        abandoned.createStatement().execute("INSERT INTO entries VALUES ('above a savepoint', '')");
        abandoned.setSavepoint("second");
    }

    /** Comes back while the statement runs on a thread of its own; only the end of the lease ends it. */
    private void leaveRunning(Postgres handle) throws SQLException {
        Connection abandoned = handle.connection();
        String sleep = "SELECT pg_sleep(30), " + System.nanoTime();
        String sleepers = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query = '" + sleep + "'";
        var sleeper = OwnThread.run(() -> fail(abandoned, sleep));
        await().until(() -> sleeper.isDone() || probe.asAdministrator(sleepers) == 1);
        assertThat(sleeper).isNotDone();
    }

    private static void fail(Connection connection, String query) {
        assertThatThrownBy(() -> PostgresProbe.number(connection, query)).isInstanceOf(SQLException.class);
    }

    private static void endBackend(Postgres handle) throws SQLException {
        try (Connection connection = handle.connection()) {
            assertThatThrownBy(() -> PostgresProbe.number(connection, "SELECT pg_terminate_backend(pg_backend_pid())"))
                    .isInstanceOf(SQLException.class);
        }
    }
}
