package dev.isolated.embedded;

import static dev.isolated.embedded.ClickHouseHttp.post;
import static dev.isolated.embedded.ClickHouseHttp.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.lease.Lease;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a statement is spelled, it leads out of nobody's database, and what merely looks like one that does is run. */
class ClickHouseGateTest extends ClickHouseLeased {

    private Lease<ClickHouse> neighbour;

    @Override
    int leases() {
        return 2;
    }

    @BeforeEach
    void leaseAnother() throws Exception {
        neighbour = bench.pool().lease("the neighbour");
        requireDone(post(neighbour.handle(), "", "CREATE TABLE secrets (x String) ENGINE = MergeTree ORDER BY x"));
        requireDone(post(neighbour.handle(), "", "INSERT INTO secrets VALUES ('hidden')"));
    }

    @AfterEach
    void giveBackTheOther() {
        neighbour.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET ROLE isolated_all",
                "set/**/role isolated_all",
                "// x\nSET ROLE isolated_all",
                "# x\nSET ROLE isolated_all",
                "#! x\nSET ROLE isolated_all",
                "/* /* */ SELECT */ SET ROLE isolated_all",
                "SET DEFAULT ROLE ALL TO default",
                "SELECT 1; SET ROLE isolated_all",
                "SELECT 1; SET ROLE isolated_all; ((",
                "INSERT INTO own VALUES (1); SET ROLE isolated_all",
                "INSERT INTO own; SET ROLE isolated_all FORMAT CSV",
                "CREATE TABLE IF NOT EXISTS own2 (a Int32) ENGINE = Memory PARALLEL WITH SET ROLE isolated_all",
                "EXECUTE AS default SELECT 1",
                "// x\nEXECUTE AS default SELECT 1"
            })
    void nobodyTakesAnotherRole(String sql) throws Exception {
        requireDone(post(lease.handle(), "&session_id=s", "CREATE TABLE own (a Int32) ENGINE = Memory"));
        assertThat(post(lease.handle(), "&session_id=s", sql).statusCode())
                .as(sql)
                .isGreaterThanOrEqualTo(400);
        assertThat(post(lease.handle(), "&session_id=s", "SELECT * FROM " + neighbours("secrets")))
                .satisfies(refusal("497", 403));
    }

    @Test
    void nobodyTakesAnotherRoleBehindALongText() throws Exception {
        String comment = "/*" + "x".repeat(300_000) + "*/";
        assertThat(post(lease.handle(), "", "SELECT 1 " + comment + "; SET ROLE isolated_all"))
                .satisfies(refusal("62", 400));
        requireDone(post(lease.handle(), "", "CREATE TABLE own (a String) ENGINE = Memory"));
        String rows = "('" + "x".repeat(300_000) + "')";
        assertThat(post(lease.handle(), "", "INSERT INTO own VALUES " + rows + "; SET ROLE isolated_all"))
                .satisfies(refusal("62", 400));
        requireDone(post(lease.handle(), "", "INSERT INTO own VALUES " + rows));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KILL QUERY WHERE 1",
                "// x\nKILL QUERY WHERE 1",
                "KILL QUERY WHERE 1 OR 'x' = 'MUTATION'",
                "KILL QUERY WHERE query_id = 'x' OR 1",
                "KILL QUERY WHERE user = 'default'",
                "CREATE TABLE t (a Int32) ENGINE = Memory PARALLEL WITH KILL QUERY WHERE 1"
            })
    void nobodyEndsTheQueriesOfOthers(String sql) throws Exception {
        assertThat(post(lease.handle(), "", sql).statusCode()).isGreaterThanOrEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 SETTINGS query_cache_tag = 'x'",
                "SELECT 1 AS values SETTINGS query_cache_tag = 'x'",
                "SELECT 1 SETTINGS \"query_cache_ta\\x67\" = 'x'",
                "SET query_cache_tag = 'x'",
                "INSERT INTO own SETTINGS query_cache_tag = 'x' VALUES (1)",
                "INSERT INTO values SETTINGS query_cache_tag = 'x' VALUES (1)",
                "SET default_normal_view_sql_security = 'DEFINER'"
            })
    void nobodyChangesBySettingsWhoseAQueryIs(String sql) throws Exception {
        requireDone(post(lease.handle(), "", "CREATE TABLE own (a Int32) ENGINE = Memory"));
        assertThat(post(lease.handle(), "", sql)).satisfies(refusal("497", 403));
    }

    @Test
    void rowsMaySayWhatSettingsMayNot() throws Exception {
        requireDone(post(lease.handle(), "", "CREATE TABLE own (a String) ENGINE = Memory"));
        requireDone(post(lease.handle(), "", "INSERT INTO own VALUES ('SETTINGS query_cache_tag = \\'x\\'')"));
    }

    @Test
    void noFileIsReadOrWritten() throws Exception {
        Path written = Path.of("/tmp", lease.handle().database());
        requireDone(post(lease.handle(), "", "CREATE TABLE lines (line String) ENGINE = Memory"));
        requireDone(post(lease.handle(), "", "CREATE TABLE values (line String) ENGINE = Memory"));
        requireDone(post(lease.handle(), "", "INSERT INTO values VALUES ('x FROM INFILE y')"));
        for (String sql : new String[] {
            "INSERT INTO lines FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "// x\nINSERT INTO lines FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO lines FROM/**/infile '/etc/passwd' SETTINGS max_threads = 1 FORMAT LineAsString",
            "INSERT INTO values FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO select FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "SELECT 1 INTO/**/OUTFILE $$" + written + "$$ FORMAT JSON",
            "SELECT 1 INTO OUTFILE \u2018" + written + "\u2019",
            "SELECT 1 INTO OUTFILE '" + written + "'",
            "// x\nSELECT 1 INTO OUTFILE '" + written + "'",
            "SHOW TABLES INTO OUTFILE '" + written + "'"
        }) {
            assertThat(post(lease.handle(), "", sql)).as(sql).satisfies(refusal("62", 400));
        }
        assertThat(written).doesNotExist();
        assertThat(post(lease.handle(), "", "SELECT count() FROM lines").body()).isEqualTo("0\n");
        assertThat(Files.exists(Path.of("/etc/passwd"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SOURCE(CLICKHOUSE(DB '%s' TABLE 'secrets'))",
                "SOURCE(/**/CLICKHOUSE(DB '%s' TABLE 'secrets'))",
                "SOURCE(\"clickhouse\"(DB '%s' TABLE 'secrets'))",
                "SOURCE(CLICKHOUSE(DB'%s' TABLE 'secrets'))",
                "SOURCE(CLICKHOUSE(DB/**/'%s' TABLE 'secrets'))",
                "SOURCE(CLICKHOUSE(\"db\" '%s' TABLE 'secrets'))",
                "SOURCE(CLICKHOUSE(DB $$%s$$ TABLE 'secrets'))",
                "SOURCE(\"click\\x68ouse\"(DB \u2018%s\u2019 TABLE 'secrets'))",
                "SOURCE(CLICKHOUSE(DB concat('%s', '') TABLE 'secrets'))",
                "SOURCE(CLICKHOUSE(TABLE 'secrets'))",
                "SOURCE(CLICKHOUSE(QUERY'SELECT x, x AS y FROM %s.secrets'))"
            })
    void noDictionaryReadsADatabaseOfOthers(String source) throws Exception {
        String sql = "CREATE DICTIONARY d (x String, y String) PRIMARY KEY x LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0) "
                + String.format(source, neighbour.handle().database());
        assertThat(post(lease.handle(), "", sql)).satisfies(refusal("497", 403));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE VIEW v (x String) DEFINER = CURRENT_USER SQL SECURITY DEFINER AS SELECT x FROM %s",
                "CREATE VIEW v (x String) sql/**/security definer AS SELECT x FROM %s",
                "CREATE VIEW v (x String) SQL SECURITY NONE AS SELECT x FROM %s"
            })
    void noViewReadsWithRightsOfADefiner(String sql) throws Exception {
        assertThat(post(lease.handle(), "", String.format(sql, neighbours("secrets"))))
                .satisfies(refusal("497", 403));
        requireDone(post(
                lease.handle(),
                "",
                "CREATE VIEW mine (x String) SQL SECURITY INVOKER AS SELECT x FROM " + neighbours("secrets")));
        assertThat(post(lease.handle(), "", "ALTER TABLE mine MODIFY SQL SECURITY DEFINER"))
                .satisfies(refusal("497", 403));
        assertThat(post(lease.handle(), "", "SELECT * FROM mine")).satisfies(refusal("497", 403));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "role", "profile", "policy", "quota", "definer", "infile"})
    void tablesMayBeCalledLikeWhatTestsMayNotMake(String name) throws Exception {
        for (String sql : new String[] {
            "CREATE TABLE " + name + " (a Int32) ENGINE = MergeTree ORDER BY a",
            "ALTER TABLE " + name + " ADD COLUMN b Int32",
            "INSERT INTO " + name + " VALUES (1, 2)",
            "CREATE VIEW seen_" + name + " AS SELECT * FROM " + name,
            "DROP TABLE " + name
        }) {
            requireDone(post(lease.handle(), "", sql));
        }
    }

    @Test
    void aStatementThatACommentWithAnApostropheComesBeforeIsUnderstood() throws Exception {
        requireDone(post(lease.handle(), "", "CREATE TABLE own (a Int32) ENGINE = Memory"));
        requireDone(post(lease.handle(), "", "// don't\nINSERT INTO own FORMAT CSV\n1\n2\n"));
        assertThat(post(lease.handle(), "", "# don't\nSELECT count() FROM own FORMAT JSONEachRow")
                        .body())
                .contains("2");
    }

    private String neighbours(String table) {
        return neighbour.handle().database() + "." + table;
    }

    private static void requireDone(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    }
}
