package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
        assertThat(statements(";a ; b;; c;")).containsExactly("a ", "b", "c");
        assertThat(statements("")).isEmpty();
        assertThat(statements("a; -- b; c")).containsExactly("a");
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
            assertThat(statements(whole + "; next")).as(whole).hasSize(whole.endsWith("-- ;") ? 1 : 2);
        }
    }

    @Test
    void dollarsInNamesAndParametersQuoteNothing() {
        assertThat(statements("select a$b$; commit; select $1$2; x")).hasSize(4);
        assertThat(statements("select 'E';commit")).containsExactly("select 'E'", "commit");
    }

    @Test
    void bodiesOfAtomicFunctionsAreOneStatement() {
        String function =
                "create function f() returns int begin atomic select case when true then 1 end; select 2; end";
        assertThat(statements(function + "; commit")).containsExactly(function, "commit");
        assertThat(statements("select atomic from t; commit")).hasSize(2);
    }

    @Test
    void semicolonsBetweenParenthesesEndNothing() {
        String rule = "create rule r as on insert to t do also (delete from u; delete from v)";
        assertThat(statements(rule + "; commit")).containsExactly(rule, "commit");
    }

    @Test
    void statementsKnowWhereTheyBegin() {
        assertThat(SqlScanner.statements("a; bc ;d"))
                .extracting(SqlScanner.Statement::start)
                .containsExactly(0, 3, 7);
    }

    @Test
    void identifiersAreKeptAsPostgresKeepsThem() {
        assertThat(new SqlScanner(" /* x */ Mixed rest").identifier()).isEqualTo("mixed");
        assertThat(new SqlScanner("\"A \"\"b\"\"\" rest").identifier()).isEqualTo("A \"b\"");
        assertThat(new SqlScanner("").identifier()).isEmpty();
    }

    private static List<String> statements(String sql) {
        return SqlScanner.statements(sql).stream()
                .map(SqlScanner.Statement::sql)
                .toList();
    }
}
