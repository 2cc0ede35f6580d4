package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.application.Application;
import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused of overlapping transactions of one thread says which, why, where both began, and what to do. */
class OverlapRefusalTest {

    private static final String[] TABLES = {
        "create table thing (id int primary key)",
        "create table audit (id int primary key)",
        "create table kept (i int)",
    };

    /** Before both; in the transaction of the one; before the other's statement; and why that is refused. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            select 1 | create table more (i int) | select 1 | it has changed the schema
            select 1 | set local work_mem = '1MB' | select 1 | it has changed settings, which this connection would have too
            select 1 | lock table kept | select 1 | it has locked a table as a whole
            select 1 | insert into thing values (1) | set work_mem = '2MB' | one of the two connections has settings of its own
            alter table kept add unique (i) deferrable initially deferred | insert into thing values (1) | select 1 | there are constraints that wait for its commit
            create function f() returns void language plpgsql as 'begin create temp table t on commit drop as select 1; end' | insert into thing values (1) | select 1 | there are functions that make temporary tables
            """)
    void case07WhatCannotBeToldApartIsRefusedUntilTheOtherHasEnded(
            String before, String sql, String ofTheOther, String reason) throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("ShopTest.refuses")) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection outer = postgres.connection();
                    Connection inner = postgres.connection()) {
                Sql.run(outer, TABLES);
                Sql.run(outer, before);
                Sql.run(inner, ofTheOther);
                Application.run(outer, "begin");
                Sql.run(outer, sql);
                assertRefused(inner, "insert into audit values (1)", reason);
                Sql.run(outer, "commit");
                Sql.run(inner, "insert into audit values (1)");
                assertThat(Sql.one(inner, "select count(*) from audit")).isEqualTo("1");
            }
        }
    }

    @Test
    void case07FailedTransactionThatMayGoBackToASavepointIsInTheWay() throws SQLException {
        try (IsolatedEnvironment environment = Sandboxes.open("ShopTest.refuses")) {
            Postgres postgres = environment.get(Postgres.class);
            try (Connection outer = postgres.connection();
                    Connection inner = postgres.connection()) {
                Sql.run(outer, TABLES);
                Application.run(outer, "begin");
                Sql.run(outer, "savepoint s");
                assertThat(Sql.state(() -> Sql.run(outer, "select 1 / 0"))).isEqualTo("22012");
                assertRefused(inner, "insert into audit values (1)", "it has failed, and may go back to a savepoint");
                Sql.run(outer, "rollback to s", "insert into thing values (1)", "commit");
                Sql.run(inner, "insert into audit values (1)");
                assertThat(Sql.one(inner, "select id from thing")).isEqualTo("1");
            }
        }
    }

    /** It cannot be undone without the other's commit, so it is refused for good. */
    @Test
    void case07FailedTransactionBeneathACommitIsInTheWay() throws SQLException {
        IsolatedEnvironment environment = Sandboxes.open("ShopTest.refuses");
        Postgres postgres = environment.get(Postgres.class);
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, TABLES);
            Application.run(outer, "begin");
            Sql.run(outer, "insert into thing values (1)");
            Sql.run(inner, "insert into audit values (1)");
            assertThat(Sql.state(() -> Sql.run(outer, "select 1 / 0"))).isEqualTo("22012");
            assertRefused(inner, "select id from audit", "it has failed, and lies beneath a commit");
            assertThatThrownBy(() -> Sql.run(outer, "rollback"))
                    .hasMessageContaining("Could not roll back a transaction");
        }
        assertThatThrownBy(environment::close).hasStackTraceContaining("Could not roll back a transaction");
    }

    private static void assertRefused(Connection connection, String sql, String reason) {
        String application = "\n\tat " + Application.class.getName() + ".run";
        assertThatThrownBy(() -> Application.run(connection, sql))
                .hasMessageContaining("Could not run \"" + sql
                        + "\" on a second connection of ShopTest.refuses, which is" + application)
                .hasMessageContaining(reason)
                .hasMessageContaining("; that transaction was begun" + application)
                .hasMessageContaining("end the other transaction first, or use @Isolated(mode = \"DATABASE\")");
    }
}
