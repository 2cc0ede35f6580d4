package dev.isolated.embedded.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.embedded.front.Statement.Kind;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatementTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SELECT 1|SELECT|~~",
                "SELECT 1 FORMAT JSON|SELECT|JSON",
                "/* FORMAT CSV */ select 1 format TSV settings max_threads = 1;|SELECT|TSV",
                "SELECT format FROM t|SELECT|~~",
                "SELECT 'FORMAT JSON'|SELECT|~~",
                "(SELECT 1) UNION ALL (SELECT 2 FORMAT JSON)|SELECT|~~",
                "WITH 1 AS x SELECT x FORMAT Native|SELECT|Native",
                "WITH 1 AS x INSERT INTO t FORMAT CSV|INSERT|CSV",
                "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x|WHOLE|~~",
                "WITH 1 AS insert INSERT INTO t (a) FORMAT TSV|INSERT|TSV",
                "WITH 1 AS insert SELECT insert AS into|SELECT|~~",
                "FROM t SELECT 1|SELECT|~~",
                "FROM t SELECT 1 FORMAT JSON|SELECT|JSON",
                "SHOW TABLES|WHOLE|~~",
                "INSERT INTO t VALUES (1)|WHOLE|~~",
                "INSERT INTO t SELECT 1 FORMAT CSV|WHOLE|~~",
                "INSERT INTO t (a, `format`) SETTINGS async_insert = 1 FORMAT CSV 1,2|INSERT|CSV",
                "INSERT INTO t|INSERT|Values",
                "INSERT INTO values FORMAT CSV|INSERT|CSV",
                "INSERT INTO TABLE select FORMAT CSV|INSERT|CSV",
                "INSERT INTO db./**/format FORMAT CSV|INSERT|CSV",
                "# don't@INSERT INTO t FORMAT CSV|INSERT|CSV",
                "// don't@INSERT INTO t FORMAT CSV|INSERT|CSV",
                "/* /* */ don't */ INSERT INTO t FORMAT CSV|INSERT|CSV",
                "SELECT 1 AS `a``FORMAT CSV`|SELECT|~~",
                "SELECT \u2018it's FORMAT CSV\u2019|SELECT|~~",
                "SELECT \u201cFORMAT CSV\u201d FORMAT TSV|SELECT|TSV",
                "SELECT $a$ ' FORMAT CSV $a$ FORMAT TSV|SELECT|TSV",
                "SELECT 1e5 FORMAT TSV|SELECT|TSV"
            })
    void aStatementSaysHowItIsRunAndInWhichFormat(String sql, Kind kind, String format) {
        Statement statement = Statement.of(sql.replace('@', '\n').getBytes(StandardCharsets.UTF_8));
        assertThat(statement.kind()).isEqualTo(kind);
        assertThat(statement.format()).isEqualTo(format);
    }

    @Test
    void whatStandsBehindAnInsertsFormatIsItsDataByteForByte() {
        byte[] sql = "INSERT INTO t FORMAT RowBinary \n\1\0\u00ff\n".getBytes(StandardCharsets.ISO_8859_1);
        Statement statement = Statement.of(sql);
        assertThat(statement.data()).containsExactly(1, 0, 0xff, '\n');
        assertThat(statement.text()).isEqualTo("INSERT INTO t ");
    }
}
