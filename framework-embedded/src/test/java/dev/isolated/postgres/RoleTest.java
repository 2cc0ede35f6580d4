package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.spi.Request;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the role of a test may not do, in the modes in which it has a database of its own. */
class RoleTest {

    private static final String REFUSED = "42501";

    private static Environments environments;

    /** Large objects, which the script makes, are in no schema. */
    private static Environments withoutScript;

    @BeforeAll
    static void open() {
        environments =
                Sandboxes.environments(Map.of("isolated.postgres.scripts", "dev/isolated/postgres/untouched.sql"));
        withoutScript = Sandboxes.environments(Map.of());
    }

    @AfterAll
    static void close() {
        environments.close();
        withoutScript.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "TRANSACTION | select pg_read_file('postgresql.conf')",
                "TRANSACTION | select pg_ls_dir('.')",
                "TRANSACTION | copy (select 1) to program 'true'",
                "TRANSACTION | copy (select 1) to '/tmp/never-written'",
                "TRANSACTION | create temp table stolen (line text); copy stolen from '/etc/passwd'",
                "TRANSACTION | select lo_import('/etc/passwd')",
                "TRANSACTION | grant pg_read_server_files to current_user",
                "TRANSACTION | create role more",
                "TRANSACTION | alter role postgres password 'x'",
                "TRANSACTION | create extension dblink",
                "TRANSACTION | create extension file_fdw",
                "TRANSACTION | set session authorization postgres",
                "TRANSACTION | set role postgres",
                "TRANSACTION | select pg_stat_reset()",
                "DATABASE | select pg_read_file('postgresql.conf')",
                "DATABASE | select pg_ls_dir('.')",
                "DATABASE | copy (select 1) to program 'true'",
                "DATABASE | copy (select 1) to '/tmp/never-written'",
                "DATABASE | create temp table stolen (line text); copy stolen from '/etc/passwd'",
                "DATABASE | select lo_import('/etc/passwd')",
                "DATABASE | grant pg_read_server_files to current_user",
                "DATABASE | alter system set work_mem = '8MB'",
                "DATABASE | create role more",
                "DATABASE | create database more",
                "DATABASE | drop database template1",
                "DATABASE | alter role postgres password 'x'",
                "DATABASE | create extension dblink",
                "DATABASE | create extension file_fdw",
                "DATABASE | set session authorization postgres",
                "DATABASE | set role postgres",
                "DATABASE | select pg_stat_reset()",
                "SCHEMA | select pg_read_file('postgresql.conf')",
                "SCHEMA | select pg_ls_dir('.')",
                "SCHEMA | copy (select 1) to program 'true'",
                "SCHEMA | copy (select 1) to '/tmp/never-written'",
                "SCHEMA | create temp table stolen (line text); copy stolen from '/etc/passwd'",
                "SCHEMA | select lo_import('/etc/passwd')",
                "SCHEMA | grant pg_read_server_files to current_user",
                "SCHEMA | alter system set work_mem = '8MB'",
                "SCHEMA | create role more",
                "SCHEMA | create database more",
                "SCHEMA | drop database template1",
                "SCHEMA | alter role postgres password 'x'",
                "SCHEMA | create extension dblink",
                "SCHEMA | create extension file_fdw",
                "SCHEMA | set session authorization postgres",
                "SCHEMA | set role postgres",
                "SCHEMA | select pg_stat_reset()"
            })
    void case34WhatReachesBeyondTheTestIsRefused(String mode, String sql) throws SQLException {
        try (IsolatedEnvironment environment = open(mode, "intruder");
                Connection connection = environment.get(Postgres.class).connection()) {
            assertThat(Sql.state(() -> Sql.run(connection, sql))).as(sql).isEqualTo(REFUSED);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PostgresService.TRANSACTION, PostgresService.DATABASE})
    void case34NoOtherDatabaseLetsTheTestIn(String mode) throws SQLException {
        try (IsolatedEnvironment intruder = open(mode, "intruder");
                IsolatedEnvironment neighbour = open(mode, "neighbour")) {
            Login own = Sandboxes.login(intruder.get(Postgres.class));
            String elsewhere = neighbour.get(Postgres.class).database();
            for (String database : List.of("postgres", "template1", elsewhere)) {
                String url = own.url().replace(own.database(), database);
                assertThat(Sql.state(() -> DriverManager.getConnection(
                                url, own.user(), own.password().reveal())))
                        .as(database)
                        .isEqualTo(REFUSED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {PostgresService.TRANSACTION, PostgresService.DATABASE, PostgresService.SCHEMA})
    void case34OtherTestsSessionsCanNeitherBeReadNorEnded(String mode) throws SQLException {
        try (IsolatedEnvironment intruder = open(mode, "intruder");
                IsolatedEnvironment neighbour = open(mode, "neighbour");
                Connection here = intruder.get(Postgres.class).connection();
                Connection there = neighbour.get(Postgres.class).connection()) {
            Sql.run(there, "select 'the secret of the neighbour'");
            String backend = Sql.one(there, "select pg_backend_pid()");

            assertThat(
                            Sql.list(
                                    here,
                                    "select distinct query from pg_stat_activity where usename is not null and usename <> current_user"))
                    .containsOnly("<insufficient privilege>");
            assertThat(Sql.state(() -> Sql.run(here, "select pg_cancel_backend(" + backend + ")")))
                    .isEqualTo(REFUSED);
            assertThat(Sql.state(() -> Sql.run(here, "select pg_terminate_backend(" + backend + ")")))
                    .isEqualTo(REFUSED);
            assertThat(Sql.one(there, "select 1")).isEqualTo("1");
        }
    }

    private static IsolatedEnvironment open(String mode, String test) {
        Environments open = mode.equals(PostgresService.SCHEMA) ? withoutScript : environments;
        return open.open(test, List.of(Request.of(Postgres.class, mode)));
    }
}
