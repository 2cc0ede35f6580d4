package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SqlScannerTest {

    @Test
    void blanksAndCommentsDoNotCount() {
        assertThat(new SqlScanner(" \n-- x\r/* a /* b */ c */\tCommit").verb()).isEqualTo("COMMIT");
        assertThat(new SqlScanner(" ; ; commit").verb()).isEqualTo("COMMIT");
        assertThat(new SqlScanner("/* open").verb()).isEmpty();
        assertThat(new SqlScanner("").verb()).isEmpty();
    }

    @Test
    void statementsAreSplitAtSemicolonsOnly() {
        assertThat(SqlScanner.statements(";a ; b;; c;")).containsExactly("a ", "b", "c");
        assertThat(SqlScanner.statements("")).isEmpty();
        assertThat(SqlScanner.statements("a; -- b; c")).containsExactly("a");
    }

    @Test
    void semicolonsInQuotesEndNothing() {
        for (String whole : new String[] {
            "select ';'",
            "select ''';'",
            "select E'\\';'",
            "select e'\\\\', ';'",
            "select \";\"",
            "select $$;$$",
            "select $a$ $b$;$b$ ;$a$",
            "select /* ; /* ; */ ; */ 1",
            "select 1 -- ;",
            "select U&';'",
            "select a$b$c, ';'"
        }) {
            assertThat(SqlScanner.statements(whole + "; next")).as(whole).hasSize(whole.endsWith("-- ;") ? 1 : 2);
        }
    }

    @Test
    void dollarsInNamesAndParametersQuoteNothing() {
        assertThat(SqlScanner.statements("select a$b$; commit; select $1$2; x")).hasSize(4);
        assertThat(SqlScanner.statements("select 'E';commit")).containsExactly("select 'E'", "commit");
    }

    @Test
    void bodiesOfAtomicFunctionsAreOneStatement() {
        String function =
                "create function f() returns int begin atomic select case when true then 1 end; select 2; end";
        assertThat(SqlScanner.statements(function + "; commit")).containsExactly(function, "commit");
        assertThat(SqlScanner.statements("select atomic from t; commit")).hasSize(2);
    }
}
