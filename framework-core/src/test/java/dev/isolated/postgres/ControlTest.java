package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.postgres.Control.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            select 1                                                | PLAIN
            begin                                                   | BEGIN
            START TRANSACTION READ WRITE                            | BEGIN
            begin isolation level read uncommitted                  | BEGIN
            begin isolation level serializable                      | BEGIN
            commit work                                             | COMMIT
            END                                                     | COMMIT
            commit and no chain                                     | COMMIT
            commit and chain                                        | COMMIT_AND_CHAIN
            rollback work and chain                                 | ROLLBACK_AND_CHAIN
            commit prepared 'x'                                     | REFUSED
            prepare transaction 'x'                                 | REFUSED
            rollback                                                | ROLLBACK
            abort transaction                                       | ROLLBACK
            rollback to s                                           | ROLLBACK_TO
            rollback work to savepoint s                            | ROLLBACK_TO
            savepoint commit                                        | SAVEPOINT
            release s                                               | RELEASE
            lock t                                                  | BLOCK_ONLY
            listen x                                                | REFUSED
            declare c cursor for select 1                           | DECLARE
            declare c cursor with hold for select 1                 | REFUSED
            declare c cursor for with hold as (select 1) table hold | DECLARE
            fetch c                                                 | CURSOR
            create temp table t (i int) on commit drop              | PLAIN
            create temp table if not exists t () on commit drop     | REFUSED
            create temp table t (i int) on commit preserve rows     | PLAIN
            alter database d set work_mem to '1MB'                  | REFUSED
            alter database "a set" reset all                        | REFUSED
            alter role current_user set search_path = a             | REFUSED
            alter user u in database "in d" reset work_mem          | REFUSED
            alter role all set work_mem from current                | REFUSED
            alter database d set tablespace t                       | PLAIN
            alter database d rename to reset                        | PLAIN
            alter role r password 'set reset'                       | PLAIN
            alter user mapping for r server s options (set a 'b')   | PLAIN
            alter function f() set work_mem = '1MB'                 | PLAIN
            deallocate all                                          | DEALLOCATE_ALL
            deallocate prepare all                                  | DEALLOCATE_ALL
            deallocate x                                            | PLAIN
            set transaction read only                               | SET_TRANSACTION
            set transaction isolation level serializable            | SET_TRANSACTION
            set local transaction read only                         | SET_TRANSACTION
            set session transaction isolation level serializable    | SET_TRANSACTION
            set default_transaction_isolation = 'repeatable read'   | SETTING
            set default_transaction_read_only to on                 | SETTING
            set default_transaction_read_only to off                | SETTING
            set session characteristics as transaction read only    | SETTING
            set local work_mem = '1MB'                              | BLOCK_LOCAL
            set constraints all deferred                            | BLOCK_LOCAL
            set search_path = a                                     | SETTING
            """)
    void textMeansWhatPostgresMakesOfIt(String sql, Kind expected) {
        assertThat(Control.of(sql).kind()).isEqualTo(expected);
    }

    @Test
    void whatOutlivesARollbackTaints() {
        for (String sql : new String[] {
            "set my.guc = 1",
            "set local my.guc = 1",
            "prepare p as select 1",
            "do 'begin end'",
            "select SET_CONFIG('a.b', '', true)",
            "select setseed(0.5)",
            "set session seed to 1"
        }) {
            assertThat(Control.of(sql).taints()).as(sql).isTrue();
        }
        assertThat(Control.of("select 1").taints()).isFalse();
        assertThat(Control.of("set work_mem = '1MB'").taints()).isFalse();
    }

    @Test
    void savepointsAreKnownByName() {
        assertThat(Control.of("savepoint A").savepoint()).isEqualTo("a");
        assertThat(Control.of("savepoint savepoint").savepoint()).isEqualTo("savepoint");
        assertThat(Control.of("release savepoint \"A\"").savepoint()).isEqualTo("A");
        assertThat(Control.of("rollback work to s").savepoint()).isEqualTo("s");
        assertThat(Control.of("rollback to savepoint s").savepoint()).isEqualTo("s");
    }

    @Test
    void readOnlyIsNoticed() {
        assertThat(Control.of("begin read only").readOnly()).isTrue();
        assertThat(Control.of("begin read write").readOnly()).isFalse();
        assertThat(Control.of("set transaction read only").readOnly()).isTrue();
        assertThat(Control.of("set local transaction read only").readOnly()).isTrue();
    }
}
