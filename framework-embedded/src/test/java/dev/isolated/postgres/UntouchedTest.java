package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isolated.embedded.OwnServer;
import dev.isolated.environment.IsolatedEnvironment;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database in which nothing was written is used again, and one in which anything was is not. */
@Tag("long")
class UntouchedTest {

    private static OwnServer own;
    private static Databases databases;

    /** Without autovacuum: to a database where it has just been, the server itself has written. */
    @BeforeAll
    static void open() throws IOException, SQLException {
        own = OwnServer.start();
        own.run("ALTER SYSTEM SET autovacuum = off", "SELECT pg_reload_conf()");
        var settings = new HashMap<>(own.access());
        settings.put("isolated.postgres.scripts", "dev/isolated/postgres/untouched.sql");
        databases = Databases.in(PostgresService.DATABASE, settings);
    }

    @AfterAll
    static void close() {
        databases.close();
        own.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select * from thing",
                "select count(*) from pg_class",
                "select * from thing for update",
                "set statement_timeout to 1234",
                "select pg_advisory_lock(42)",
                "prepare p as select 1",
                "explain select * from thing",
                "insert into thing select 9, '' where false",
                "select last_value from numbers",
                "checkpoint_that_does_not_exist"
            })
    void case32WhatWritesNothingLeavesTheDatabaseForTheNextTest(String sql) throws SQLException {
        requireServerThatTellsAll();
        assertThat(databaseAfter(sql)).isEqualTo(databaseBefore());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into thing values (7, 'new')",
                "update thing set name = name",
                "delete from thing",
                "begin; insert into thing values (7, 'new'); rollback",
                "truncate thing",
                "create table other (id int)",
                "create temp table scratch (id int)",
                "alter table thing add more text",
                "drop table thing",
                "create index on thing (name)",
                "select nextval('numbers')",
                "select setval('numbers', 99)",
                "begin; select nextval('numbers'); rollback",
                "insert into counted (name) values ('x') on conflict do nothing",
                "alter sequence numbers restart with 5",
                "select lo_create(4711)",
                "select lo_unlink(42)",
                "comment on table thing is 'x'",
                "grant select on thing to public",
                "alter default privileges grant select on tables to public",
                "analyze thing",
                "reindex table thing",
                "cluster thing using thing_pkey",
                "do $$ begin execute format('comment on database %I is ''x''', current_database()); end $$",
                "do $$ begin execute format('alter database %I set work_mem = ''8MB''', current_database()); end $$",
                "do $$ begin execute format('grant connect on database %I to public', current_database()); end $$",
                "do $$ begin execute format('alter database %I connection limit 5', current_database()); end $$",
                "alter role current_user set work_mem = '8MB'",
                "do $$ begin execute format('alter role %I in database postgres set work_mem = ''8MB''', current_user); end $$"
            })
    void case32WhatWritesAnythingGivesTheNextTestAnotherDatabase(String sql) throws SQLException {
        String before = databaseBefore();

        assertThat(databaseAfter(sql)).isNotEqualTo(before);
        assertPristine();
    }

    @Test
    void case32DatabaseThatNobodyConnectedToIsUsedAgain() throws SQLException {
        requireServerThatTellsAll();
        String before = databaseBefore();
        databases.open("idle").close();
        databases.awaitRest();

        assertThat(databaseBefore()).isEqualTo(before);
    }

    @Test
    void case32UsedAgainHasAnotherNameRoleAndPassword() throws SQLException {
        Postgres first;
        try (IsolatedEnvironment environment = databases.open("first")) {
            first = environment.get(Postgres.class);
            first.connection().close();
        }
        try (IsolatedEnvironment environment = databases.open("second")) {
            Postgres second = environment.get(Postgres.class);
            assertThat(second.database()).isNotEqualTo(first.database());
            assertThat(second.user()).isNotEqualTo(first.user());
            assertThat(second.password().reveal()).isNotEqualTo(first.password().reveal());
        }
    }

    @Test
    void case32WhatAClientWritesThatOnlyHadTheUrlCountsToo() throws SQLException {
        String before = databaseBefore();
        try (IsolatedEnvironment environment = databases.open("foreign");
                Connection connection = Databases.foreign(environment.get(Postgres.class))) {
            Sql.run(connection, "select nextval('numbers')");
        }
        databases.awaitRest();

        assertThat(databaseBefore()).isNotEqualTo(before);
        assertPristine();
    }

    /** Which database the next test will get, by what no renaming changes. */
    /** On an older one every database counts as written. */
    private static void requireServerThatTellsAll() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("version");
                Connection connection = environment.get(Postgres.class).connection()) {
            assumeTrue(connection.getMetaData().getDatabaseMajorVersion() >= 15, "the server does not tell enough");
        }
        databases.awaitRest();
    }

    private static String databaseBefore() throws SQLException {
        return identityAfter("select 1");
    }

    private static String databaseAfter(String sql) throws SQLException {
        identityAfter(sql);
        return databaseBefore();
    }

    /** The database that a test gets which then does something, whether or not that succeeds. */
    private static String identityAfter(String sql) throws SQLException {
        String identity;
        try (IsolatedEnvironment environment = databases.open("UntouchedTest");
                Connection connection = environment.get(Postgres.class).connection()) {
            identity = Sql.one(connection, "select oid from pg_database where datname = current_database()");
            String state = Sql.state(() -> Sql.run(connection, sql));
            assertThat(state).as(sql).isIn("no failure", "42601");
        }
        databases.awaitRest();
        return identity;
    }

    private static void assertPristine() throws SQLException {
        try (IsolatedEnvironment environment = databases.open("next");
                Connection connection = environment.get(Postgres.class).connection()) {
            assertThat(Sql.list(connection, "select name from thing order by id"))
                    .containsExactly("one", "two");
            assertThat(Sql.one(connection, "select is_called from numbers")).isEqualTo("f");
            assertThat(Sql.list(connection, "select oid from pg_largeobject_metadata"))
                    .containsExactly("42");
            assertThat(Sql.one(connection, "select current_setting('work_mem')"))
                    .isEqualTo("4MB");
        }
    }
}
