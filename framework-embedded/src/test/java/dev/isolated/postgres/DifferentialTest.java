package dev.isolated.postgres;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs of JDBC calls do the same on a bare connection and in a sandbox. */
@Tag("long")
class DifferentialTest {

    /** What a statement needs of a transaction block, where it is sent with others, is not the same on older servers. */
    @BeforeAll
    static void compareWithTheNewestServer() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("version");
                Connection connection = environment.get(Postgres.class).connection()) {
            assumeTrue(
                    connection.getMetaData().getDatabaseMajorVersion() >= 18,
                    "in pipelines the sandbox does what PostgreSQL 18 does");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=extended", "preferQueryMode=simple"})
    void programsDoTheSameInASandboxAsOnABareConnection(String mode) throws SQLException {
        new Differential(mode, RandomProgram::run, RandomSql.CLEAN_UP).compare(Differential.PROGRAMS);
    }

    /** What programs of long runs once found, whatever the driver is told. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // Chains that do not come to pass, or whose transaction is read-only by default.
                "begin | insert into missing values (1) | commit and chain | show transaction_read_only | rollback | select 1",
                "begin read only | select 1/0 | commit and chain | show transaction_read_only | commit | select 1",
                "read-only | begin | commit and chain | show transaction_read_only | insert into thing values (1) | rollback",
                "read-only | begin read write | rollback and chain | insert into thing values (1) | commit | table thing",
                "begin | set session characteristics as transaction read only | commit and chain | show transaction_read_only"
                        + " | insert into thing values (1) | rollback",
                // What the sandbox does itself is a statement before the next one, too.
                "discard temp; set local transaction read only | discard temp; savepoint s | reset all; lock thing | table thing",
                // The default that DISCARD ALL takes away is not that of what comes behind it in the same pipeline.
                "read-only | discard all; insert into thing values (1) | table thing",
                // DISCARD ALL is committed at once, whatever fails behind it.
                "read-only | discard all; rollback and chain | insert into thing values (1) | table thing",
                "set work_mem = '9MB' | discard all; select 1/0 | show work_mem | set work_mem = '7MB'; discard all; select 1"
                        + " | show work_mem",
                "discard all; insert into thing values (1); select 1/0 | table thing | discard all; discard all; savepoint s",
                // Numbers that another connection has drawn, and a statement that is not reached.
                "create sequence numbers | select nextval('numbers') | reopened | select 1/0; insert into thing values (1)"
                        + " | select lastval() | insert into missing values (1) | select lastval()",
                // What is forgotten ahead of a statement is not to be, in a failed transaction.
                "create sequence numbers | select nextval('numbers') | reopened | begin | select 1/0 | insert into thing values (1)"
                        + " | insert into thing values (1); commit | select 1",
                // A level that changes behind a statement that the server has prepared.
                "show transaction isolation level | begin isolation level read uncommitted | show transaction isolation level"
                        + " | commit | show transaction isolation level",
                // A BEGIN behind the way back to a savepoint.
                "begin | savepoint s | select 1/0 | rollback to s; begin; insert into thing values (1); commit | table thing",
                // A cursor and a text whose ROLLBACK is not reached.
                "begin | declare c cursor for select generate_series(1, 9) | select 1/0; rollback | commit | fetch c"
                        + " | begin | fetch c | rollback",
                "declare c cursor for select 1; fetch c; select 1/0; rollback | begin | fetch c | rollback | table thing"
            })
    void callsThatOnceDidNotDoTheSame(String calls) throws SQLException {
        for (String options : List.of(
                "preferQueryMode=extended",
                "preferQueryMode=simple",
                "preferQueryMode=extendedCacheEverything&prepareThreshold=1",
                "autosave=always",
                "readOnlyMode=always")) {
            new Differential(
                            options,
                            (seed, route, postgres) -> answers(route, calls),
                            "drop table thing",
                            "drop sequence if exists numbers")
                    .compare(0, 1);
        }
    }

    private static List<String> answers(Route route, String calls) throws SQLException {
        List<String> seen = new ArrayList<>();
        Connection connection = route.open();
        try {
            Sql.run(connection, Sql.TABLE);
            for (String call : calls.split(" \\| ", -1)) {
                switch (call) {
                    case "read-only" -> connection.setReadOnly(true);
                    case "reopened" -> {
                        connection.close();
                        connection = route.open();
                    }
                    default -> seen.add(call + ": " + Outcome.of(connection, call));
                }
            }
        } finally {
            connection.close();
        }
        return seen;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "preferQueryMode=extendedForPrepared",
                "preferQueryMode=extendedCacheEverything&prepareThreshold=1",
                "autosave=always",
                "autosave=conservative&preferQueryMode=simple",
                "reWriteBatchedInserts=true",
                "readOnlyMode=always"
            })
    void programsDoTheSameWhateverTheDriverIsTold(String options) throws SQLException {
        new Differential(options, RandomProgram::run, RandomSql.CLEAN_UP).compare(Differential.PROGRAMS / 5);
    }
}
