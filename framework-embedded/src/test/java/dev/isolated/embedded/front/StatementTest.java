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
                "SELECT * FROM v WHERE format = 'mp4' LIMIT 10|SELECT|~~",
                "SELECT * FROM v ORDER BY format DESC|SELECT|~~",
                "SELECT * FROM v ORDER BY format asc;|SELECT|~~",
                "SELECT * FROM v ORDER BY format DESC SETTINGS max_threads = 1|SELECT|~~",
                "SELECT * FROM v GROUP BY format SETTINGS max_threads = 1|SELECT|~~",
                "SELECT * FROM v WHERE format IN ('mp4')|SELECT|~~",
                "SELECT * FROM v WHERE format LIKE '%4'|SELECT|~~",
                "SELECT * FROM v WHERE format BETWEEN 1 AND 2|SELECT|~~",
                "SELECT * FROM v WHERE format IS NULL|SELECT|~~",
                "SELECT * FROM v ORDER BY format LIMIT 10|SELECT|~~",
                "SELECT * FROM v ORDER BY format, id|SELECT|~~",
                "SELECT * FROM format FINAL|SELECT|~~",
                "SELECT format x, 1 FROM v|SELECT|~~",
                "SELECT format FROM v WHERE format = 'mp4' FORMAT JSON|SELECT|JSON",
                "SELECT format FROM v FORMAT/* of */JSON -- rows@ ;|SELECT|JSON",
                "SELECT 1 FORMAT TSV -- rows@ SETTINGS max_threads = 1|SELECT|TSV",
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
                "INSERT INTO `t` VALUES (1)|WHOLE|~~",
                "INSERT INTO `t` (a) VALUES (1)|WHOLE|~~",
                "INSERT INTO \"db\".\"t\" VALUES (1)|WHOLE|~~",
                "INSERT INTO db.`t`/**/SELECT 1|WHOLE|~~",
                "INSERT INTO `t` FORMAT CSV 1|INSERT|CSV",
                "INSERT INTO TABLE `db`.`t` FORMAT CSV 1|INSERT|CSV",
                "INSERT INTO {t:Identifier} VALUES (1)|WHOLE|~~",
                "INSERT INTO /* */ values FORMAT CSV|INSERT|CSV",
                "INSERT INTO `db` . values FORMAT CSV|INSERT|CSV",
                "INSERT INTO\u00a0values FORMAT\u3000CSV|INSERT|CSV",
                "INSERT INTO \u201ct\u201d VALUES (1)|WHOLE|~~",
                "SELECT 1 FORMAT\u3000CSV|SELECT|CSV",
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "SYSTEM FLUSH LOGS|true",
                "SYSTEM FLUSH LOGS ; |true",
                "SYSTEM FLUSH LOGS; -- that's all; of it|true",
                "SYSTEM FLUSH LOGS /* ; */|true",
                "SELECT ';', `;`, $$;$$ ;; |true",
                "SYSTEM FLUSH LOGS; DROP TABLE t|false",
                "SYSTEM FLUSH LOGS;(SELECT 1)|false",
                "SYSTEM FLUSH LOGS; 1|false"
            })
    void oneStatementIsToldFromSeveral(String sql, boolean one) {
        assertThat(Statement.of(sql.getBytes(StandardCharsets.UTF_8)).isOne()).isEqualTo(one);
    }
}
