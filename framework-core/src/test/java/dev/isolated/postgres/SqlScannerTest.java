package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "select E'a'\n'b\\'; commit; --'",
                "select e'a' -- it goes on\n -- here\n\f 'b\\'; commit; --'",
                "select 'a'\r';b'",
                "select $\uD83D\uDE00$'; commit; $\uD83D\uDE00$",
                "select $\u00B2$'; commit; $\u00B2$",
                "select 1 as a\u00A0$b$, ';'"
            })
    void stringsAreReadAsTheServerReadsThem(String whole) {
        assertThat(statements(whole + "; next")).containsExactly(whole, "next");
    }

    @Test
    void stringsThatDoNotGoOnEndWhereTheyEnd() {
        assertThat(statements("select E'a' 'b\\'; commit; --'")).hasSize(2);
        assertThat(statements("select E'a' /* \n */ 'b\\'; commit; --'")).hasSize(2);
        assertThat(statements("select 1 as \"a\"\n'b\\'; commit; --'")).hasSize(2);
    }

    @Test
    void backslashesInPlainStringsEscapeWhereTheServerIsToldSo() {
        String plain = "select 'it\\'s; commit; '";
        assertThat(statements(plain + "; next", false)).containsExactly(plain, "next");
        assertThat(statements("select N'it\\'s; commit; '; next", false)).hasSize(2);
        assertThat(statements("select 'it'\n'\\'s; commit; '; next", false)).hasSize(2);
        assertThat(statements("select X'\\'; commit; --'", false)).hasSize(2);
        assertThat(SqlScanner.conforming("select'it\\'s', E'\\'', X'0', $$\\'$$, 'plain' -- '\\'"))
                .isEqualTo("select E'it\\'s', E'\\'', X'0', $$\\'$$, 'plain' -- '\\'");
    }

    @Test
    void onlyWhatIsAsciiHasTwoCases() {
        assertThat(new SqlScanner("beg\u0131n").verb()).isEqualTo("BEG\u0131N");
        assertThat(new SqlScanner("Stra\u00DFe\u00C4").identifier()).isEqualTo("stra\u00DFe\u00C4");
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
        assertThat(SqlScanner.statements("a; bc ;d", true))
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
        return statements(sql, true);
    }

    private static List<String> statements(String sql, boolean conforming) {
        return SqlScanner.statements(sql, conforming).stream()
                .map(SqlScanner.Statement::sql)
                .toList();
    }
}
