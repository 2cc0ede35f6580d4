package dev.isolated.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.error.SettingsException;
import org.junit.jupiter.api.Test;

class ScriptTest {

    @Test
    void statementsEndWithSemicolonsThatAreNoPartOfAnythingElse() {
        assertThat(
                        Script.split(
                                "SELECT ';', \"a;b\", `c;d`, 'it''s;', 'back\\';' ; -- one; comment\nSELECT 2 - 1 /* and;\n two */ / 3;;\n"))
                .containsExactly("SELECT ';', \"a;b\", `c;d`, 'it''s;', 'back\\';'", "SELECT 2 - 1   / 3");
    }

    @Test
    void anApostropheInAnyCommentOpensNothing() {
        assertThat(Script.split("// don't;\nSELECT 1; # don't;\nSELECT 2; #! don't;\nSELECT 3"))
                .containsExactly("SELECT 1", "SELECT 2", "SELECT 3");
    }

    @Test
    void aHeredocIsOneTextWhateverStandsInIt() {
        assertThat(
                        Script.split(
                                "SELECT $$a;b 'c -- d$$, $tag$ $$;$other$; $tag$; SELECT a$b$, 1; SELECT '$$'; SELECT ${prefix}t"))
                .containsExactly(
                        "SELECT $$a;b 'c -- d$$, $tag$ $$;$other$; $tag$",
                        "SELECT a$b$, 1",
                        "SELECT '$$'",
                        "SELECT ${prefix}t");
    }

    @Test
    void commentsStandInOneAnother() {
        assertThat(Script.split("SELECT 1 /* a; /* b; */ c; */ + 1; SELECT 2 /* to the end; /* */"))
                .containsExactly("SELECT 1   + 1", "SELECT 2");
    }

    @Test
    void longStringsAreNoTrouble() {
        String sql = "SELECT '" + "x\\'y".repeat(200_000) + "'";
        assertThat(Script.split(sql + "; SELECT 1")).containsExactly(sql, "SELECT 1");
        String heredoc = "SELECT $$" + "x;y".repeat(200_000) + "$$";
        assertThat(Script.split(heredoc + "; SELECT 1")).containsExactly(heredoc, "SELECT 1");
    }

    @Test
    void aScriptThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Script.of("clickhouse/absent.sql"))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "Could not run the script clickhouse/absent.sql: expected a resource of that name on the test class"
                                + " path, but found none. What to do: correct isolated.clickhouse.scripts.");
    }
}
