package dev.isolated.postgres;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraitsTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select 1",
                "update settings set value = 'set work_mem = 1'",
                "set constraints all deferred",
                "set transaction snapshot 'x'",
                "show work_mem",
                "commit",
                "copy t to stdout",
                "select template from temperature",
                "discard plans"
            })
    void mostTextsHaveNone(String sql) {
        assertThat(Traits.of(sql).none()).isTrue();
        assertThat(Traits.of(sql)).isEqualTo(Traits.NONE);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            set work_mem = '1MB'                             | session work_mem
            set session Work_Mem to 3                        | session work_mem
            SET LOCAL app.tenant = 'a'                       | local app.tenant
            set local "App"."tenant" = 'a'                   | local app.tenant
            /* ; */ set search_path to default               | reset search_path
            set time zone 'UTC'                              | session timezone
            set local time zone local                        | local timezone
            set names 'UTF8'                                 | session client_encoding
            set schema 'x'                                   | session search_path
            set role none                                    | session role
            set local role admin                             | local role
            set session authorization default                | session session_authorization, session role
            set local session authorization x                | local session_authorization, local role
            reset work_mem                                   | reset work_mem
            reset session authorization                      | reset session_authorization, reset role
            reset time zone                                  | reset timezone
            select set_config('a.b', f(1, 'x)'), true)       | local a.b
            select pg_catalog.SET_CONFIG ( 'a' , $1, false ) | session a
            select set_config('a', '', 'on'), set_config(('b'::text), '', ('0'::boolean)) | local a, session b
            """)
    void parametersThatATextSetsAreFound(String sql, String expected) {
        assertThat(Traits.of(sql).changes().stream().map(TraitsTest::described)).containsExactly(expected.split(", "));
        assertThat(Traits.of(sql).refusal()).isEmpty();
    }

    private static String described(ParameterChange change) {
        return (change.reset() ? "reset " : change.local() ? "local " : "session ") + change.name();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select set_config('a.' || x, '1', true) from y",
                "select set_config(name, '1', true)",
                "select set_config('a', '1', not false)",
                "select set_config('a', '1', is_local => true)"
            })
    void whatIsComputedIsRefused(String sql) {
        assertThat(Traits.of(sql).refusal()).isEqualTo("set_config with a computed parameter");
    }

    @Test
    void boundValuesSayWhichParameterAndForHowLong() {
        Traits traits = Traits.of("select set_config($2, $1, $3)");
        assertThat(traits.bound(bound("v", "App.x", "t"), 0).changes()).containsExactly(ParameterChange.local("app.x"));
        assertThat(traits.bound(bound("v", "app.x", "\0"), 0).changes())
                .containsExactly(ParameterChange.session("app.x", false));
    }

    private static byte[] bound(String... values) {
        var message = new WireWriter();
        message.int16(1).int16(0).int16(values.length);
        for (String value : values) {
            message.int32(value.length()).raw(value.getBytes(US_ASCII), 0, value.length());
        }
        var bytes = new byte[message.length()];
        message.copy(0, bytes, 0, bytes.length);
        return bytes;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            begin isolation level serializable                        | SERIALIZABLE
            start transaction read only, isolation level repeatable read | REPEATABLE_READ
            set transaction isolation level read uncommitted          | READ_UNCOMMITTED
            set session characteristics as transaction isolation level serializable | SERIALIZABLE
            set default_transaction_isolation to 'repeatable read'    | REPEATABLE_READ
            """)
    void isolationLevelsAreFound(String sql, Isolation expected) {
        assertThat(Traits.of(sql).isolation()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            select inserted_at, last_insert from t             | NONE
            insert into t values (1)                           | DRAWS
            with n as (INSERT into t values (1)) select 1      | DRAWS
            copy t from stdin                                  | DRAWS
            select nextval('s')                                | DRAWS
            do $$ begin perform f(); end $$                    | DRAWS
            select LastVal()                                   | RECALLS
            insert into child values (currval('s'))            | RECALLS
            """)
    void whatIsDoneWithSequencesIsFound(String sql, Numbering expected) {
        assertThat(Traits.of(sql).numbering()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create temp table t (i int)",
                "create local temporary view v as select 1",
                "create or replace temp view v as select 1",
                "create table pg_temp.t (i int)",
                "select 1 as i into temp t",
                "with x as (select 1 as i) select * into temporary table t from x"
            })
    void whatMakesSomethingTemporaryIsFound(String sql) {
        assertThat(Traits.of(sql).verb()).isEqualTo(Traits.TEMPORARY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "create function f() returns void language sql as 'create temp table t (i int) on commit drop'",
                "create or replace procedure p() language sql as $$ create table pg_temp.t (i int) on commit delete rows $$"
            })
    void functionWhoseTemporaryTablesACommitChangesIsFound(String sql) {
        assertThat(Traits.of(sql).verb()).isEqualTo(Traits.FUNCTION);
    }

    @Test
    void severalStatementsHaveTheTraitsOfAll() {
        Traits traits = Traits.together(
                Stream.of("set a.b = 1", "create table t (i int unique DEFERRABLE)", "set local c.d = 2")
                        .map(Traits::of));
        assertThat(traits.changes().stream().map(TraitsTest::described)).containsExactly("session a.b", "local c.d");
        assertThat(traits.deferrable()).isTrue();
    }
}
