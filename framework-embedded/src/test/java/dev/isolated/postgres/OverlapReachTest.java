package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Of two transactions that overlap, the one above keeps away from what the other has done, not from what was done before. */
@ExtendWith(Sandboxes.class)
class OverlapReachTest {

    @ParameterizedTest
    @CsvSource({
        "update thing set name = 'x', commit",
        "insert into thing values (7), rollback",
        "insert into audit values (7), commit"
    })
    void case07WhatAnEarlierTransactionHasDoneIsNotTheOpenOnes(String change, String end, Postgres postgres)
            throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "insert into thing values (1)", "begin", change, end);
            Sql.run(outer, "begin", "insert into audit values (1)");

            assertThat(Sql.ids(inner)).containsExactly("1");
            Sql.run(inner, "update thing set name = 'y' where id = 1");
            Sql.run(outer, "commit");

            assertThat(Sql.one(outer, "select name from thing")).isEqualTo("y");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void case07NumbersAreDrawnFromATableAgainAndAgain(int times, Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, "create table numbers (next int)", "insert into numbers values (1)");
            Sql.run(outer, "begin", "insert into thing values (100)");
            for (int i = 1; i <= times; i++) {
                Sql.run(inner, "begin");
                int next = Integer.parseInt(Sql.one(inner, "select next from numbers"));
                Sql.run(inner, "update numbers set next = " + (next + 1) + " where next = " + next, "commit");
                Sql.run(outer, "insert into thing values (" + next + ")");
            }
            Sql.run(outer, "commit");

            assertThat(Sql.ids(inner)).hasSize(times + 1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into thing values (2)",
                "update thing set name = 'x'",
                "update thing set name = 'x' where id = 1; update thing set name = 'y' where id = 1",
                "delete from thing",
                "select * from thing for update"
            })
    void case07WhatTheOpenOneHasDoneIsOutOfReach(String change, Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(
                    outer,
                    Sql.TABLE,
                    Sql.AUDIT,
                    "insert into thing values (1)",
                    "begin",
                    "update thing set name = 'a'");
            Sql.run(outer, "commit", "begin", "insert into audit values (1)", change);

            assertThatThrownBy(() -> Sql.ids(inner))
                    .hasMessageContaining("what another connection of the same thread has written or locked")
                    .hasMessageContaining("that it has to do with public.thing");
            Sql.run(outer, "rollback");

            assertThat(Sql.ids(inner)).containsExactly("1");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void case07RowThatTheOpenOneRefersToIsNotLocked(boolean stacked, Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "create table part (thing int references thing)");
            Sql.run(outer, "insert into thing values (1)", "begin", "insert into part values (1)");
            Sql.run(inner, "begin");
            if (stacked) {
                Sql.run(inner, "insert into audit values (1)");
            }
            assertThat(Sql.ids(inner)).containsExactly("1");

            assertThatThrownBy(() -> Sql.run(inner, "select * from thing for update"))
                    .hasMessageContaining("that it has to do with public.thing");
            Sql.run(inner, "rollback");
            Sql.run(outer, "commit");
        }
    }

    @Test
    void case07FailedTransactionStaysFailedWhateverItIsAskedFor(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "begin", "insert into thing values (1)");
            Sql.run(inner, "begin", "insert into audit values (1)");
            assertThat(Sql.state(() -> Sql.run(inner, "select 1/0"))).isEqualTo("22012");
            assertThat(Sql.state(() -> Sql.run(inner, "select * from audit for update")))
                    .isEqualTo("25P02");
            Sql.run(inner, "rollback");
            Sql.run(outer, "commit");

            assertThat(Sql.ids(inner)).containsExactly("1");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update thing set name = 'y' where id = 1",
                "select 1; select * from thing where id = 1 for update",
                "select * from thing where id = 1 for update"
            })
    void case07RowThatTheOpenOneHasLockedWithoutChangingItIsNotTouched(String sql, Postgres postgres)
            throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "insert into thing values (1, 'n')", "begin");
            Sql.run(
                    outer,
                    "insert into thing values (1, 'n') on conflict (id) do update set name = excluded.name"
                            + " where thing.name <> excluded.name");
            Sql.run(outer, "insert into audit values (1)");

            assertThatThrownBy(() -> Sql.run(inner, sql)).hasMessageContaining("that it has to do with public.thing");
            Sql.run(outer, "commit");
        }
    }

    @Test
    void case07ThirdTransactionLeavesTheSecondOneAsItWas(Postgres postgres) throws SQLException {
        try (Connection one = postgres.connection();
                Connection two = postgres.connection();
                Connection three = postgres.connection()) {
            Sql.run(one, Sql.TABLE, Sql.AUDIT, "create table log (id int)");
            Sql.run(one, "begin", "insert into thing values (1)");
            Sql.run(two, "begin", "insert into audit values (1)");
            Sql.run(three, "insert into log values (1)");
            Sql.run(two, "insert into audit values (2)", "commit");
            Sql.run(one, "commit");

            assertThat(Sql.ids(two)).containsExactly("1");
        }
    }

    @Test
    void case07WhatOneHasLockedItselfIsNotInItsWay(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT, "create table part (thing int references thing)");
            Sql.run(outer, "insert into thing values (1)", "begin", "insert into audit values (1)");
            Sql.run(inner, "begin", "insert into part values (1)", "select * from thing for update", "commit");
            Sql.run(outer, "commit");

            assertThat(Sql.ids(outer)).containsExactly("1");
        }
    }

    @Test
    void case07ConnectionWithNothingButASavepointIsAsGoodAsAny(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            outer.setAutoCommit(false);
            outer.setSavepoint("s");
            Sql.run(inner, "begin", "select 'for update'", "commit");
            outer.commit();

            assertThat(Sql.one(inner, "select 1")).isEqualTo("1");
        }
    }

    @Test
    void case07ViewThatReachesRowsByTheirPlaceLetsNothingOverlap(Postgres postgres) throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, "create view places as select ctid as place, id from thing");
            Sql.run(outer, "begin", "insert into thing values (1)");

            assertThatThrownBy(() -> Sql.run(inner, "select id from places where place = '(0,1)'"))
                    .hasMessageContaining("there are functions or views that reach rows by ctid");
            Sql.run(outer, "commit");
        }
    }

    @ParameterizedTest
    @CsvSource({"id = 1, false", "ctid = '(0;1)', true"})
    void case07FunctionWhoseBodyIsParsedCountsForWhatItSays(String condition, boolean refused, Postgres postgres)
            throws SQLException {
        try (Connection outer = postgres.connection();
                Connection inner = postgres.connection()) {
            Sql.run(outer, Sql.TABLE, Sql.AUDIT);
            Sql.run(
                    outer,
                    "create function one() returns bigint language sql return (select count(*) from thing where "
                            + condition.replace(';', ',') + ")");
            Sql.run(outer, "begin", "insert into thing values (1)");

            assertThat(Sql.state(() -> Sql.run(inner, "insert into audit values (1)")))
                    .isEqualTo(refused ? "0A000" : "no failure");
            Sql.run(outer, "commit");
        }
    }
}
