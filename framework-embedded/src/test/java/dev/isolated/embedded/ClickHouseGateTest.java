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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a statement is spelled, it leads out of nobody's database, and what merely looks like one that does is run. */
@Tag("long")
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
    void rowsMayBeManyAndSayWhateverTheyLike() throws Exception {
        requireDone(post(lease.handle(), "", "CREATE TABLE own (infile String) ENGINE = Memory"));
        String rows = "('mainfile.txt'), ('" + "x".repeat(300_000) + "')";
        requireDone(post(lease.handle(), "", "INSERT INTO own VALUES " + rows));
        requireDone(post(lease.handle(), "", "INSERT INTO own (infile) VALUES " + rows));
        requireDone(post(lease.handle(), "", "INSERT INTO own FORMAT Values " + rows));
        assertThat(post(
                                lease.handle(),
                                "",
                                "SELECT count() FROM own WHERE infile IN ('mainfile.txt', '" + "y".repeat(200_000)
                                        + "')")
                        .body())
                .isEqualTo("3\n");
    }

    @Test
    void noFileIsReadOrWritten() throws Exception {
        Path written = Path.of("/tmp", lease.handle().database());
        requireDone(post(lease.handle(), "", "CREATE TABLE lines (line String) ENGINE = Memory"));
        requireDone(post(lease.handle(), "", "CREATE TABLE values (line String) ENGINE = Memory"));
        requireDone(post(lease.handle(), "", "INSERT INTO values VALUES ('x FROM INFILE y')"));
        for (String sql : new String[] {
            "INSERT INTO lines FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO lines FROM INFILE '/etc/passwd' VALUES",
            "WITH 1 AS z INSERT INTO lines FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO FUNCTION null('a Int8') PARTITION BY values FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "// x\nINSERT INTO lines FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO lines FROM/**/infile '/etc/passwd' SETTINGS max_threads = 1 FORMAT LineAsString",
            "INSERT INTO values FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO\u00a0values FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO\u3000values\u2028FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO `lines` FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO \"" + lease.handle().database() + "\".\"lines\" FROM INFILE '/etc/passwd' FORMAT LineAsString",
            "INSERT INTO \"" + lease.handle().database() + "\" . values FROM INFILE '/etc/passwd' FORMAT LineAsString",
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
                "SOURCE(EXECUTABLE(COMMAND 'cat /etc/passwd' FORMAT TSV))",
                "SOURCE(\"execut\\x61ble\"(COMMAND 'cat /etc/passwd' FORMAT TSV))",
                "SOURCE(EXECUTABLE_POOL(COMMAND 'cat' FORMAT TSV))",
                "SOURCE(FILE(PATH 'config.xml' FORMAT LineAsString))",
                "SOURCE(HTTP(URL 'http://localhost/' FORMAT TSV))",
                "SOURCE(CLICKHOUSE(NAME somewhere))",
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
        requireDone(post(lease.handle(), "", "CREATE VIEW mine (x Int8) SQL SECURITY INVOKER AS SELECT 1 AS x"));
        assertThat(post(lease.handle(), "", "ALTER TABLE mine MODIFY SQL SECURITY DEFINER"))
                .satisfies(refusal("497", 403));
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

    /** What the engine does later and by itself it does with all rights, so these would read the neighbour's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                // What a dictionary would read, or a refresh, or a mutation.
                "CREATE VIEW v (x String, y String) AS SELECT x, x AS y FROM %s.secrets",
                "CREATE OR REPLACE VIEW v (x String) AS WITH s AS (SELECT x FROM %s.secrets) SELECT x FROM s",
                "CREATE VIEW v (x String) AS SELECT x FROM \"%s\".secrets",
                "CREATE VIEW v (x String) AS SELECT x FROM own WHERE x IN (%s.secrets)",
                "CREATE VIEW v (x String) AS SELECT dictGet('%s.d', 'x', 1) AS x",
                "ALTER TABLE mine MODIFY QUERY SELECT x FROM %s.secrets",
                "CREATE TABLE m (x String) ENGINE = Merge('%s', 'secrets')",
                "CREATE TABLE a ENGINE = Alias('%s', 'secrets')",
                "CREATE TABLE b (x String) ENGINE = Buffer('%s', 'secrets', 1, 1, 1, 1, 1, 1, 1)",
                "CREATE TABLE d (x String) ENGINE = Dictionary('%s.d')",
                "CREATE MATERIALIZED VIEW r REFRESH EVERY 1 SECOND (x String) ENGINE = Memory AS SELECT x FROM %s.secrets",
                "CREATE MATERIALIZED VIEW r REFRESH EVERY 1 SECOND TO %s.secrets AS SELECT x FROM own",
                "CREATE DICTIONARY d (x String, y String EXPRESSION (SELECT any(x) FROM %s.secrets)) PRIMARY KEY x"
                        + " SOURCE(CLICKHOUSE(DB 'OWN' TABLE 'own')) LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0)",
                "ALTER TABLE own UPDATE y = (SELECT any(x) FROM %s.secrets) WHERE 1",
                "ALTER TABLE own DELETE WHERE x IN (SELECT x FROM %s.secrets)",
                "ALTER TABLE own MODIFY TTL toDateTime(0) + INTERVAL 90 YEAR DELETE WHERE x IN (SELECT x FROM %s.secrets)",
                "UPDATE own SET y = (SELECT any(x) FROM %s.secrets) WHERE 1",
                "DELETE FROM own WHERE x IN (SELECT x FROM %s.secrets)",
                "CREATE VIEW v (run String) AS SELECT run FROM isolated.runs",
                "CREATE VIEW v (run String) AS SELECT run FROM default.isolated_runs",
                "CREATE VIEW v (run String) AS SELECT run FROM \"default\".\"isolated\\x5Fruns\"",
                "CREATE VIEW v (run String) AS SELECT run FROM isolated_runs",
                "ALTER TABLE own UPDATE y = (SELECT any(run) FROM default.isolated_runs) WHERE 1",
                "CREATE TABLE a ENGINE = Alias('default', 'isolated_runs')",
                // The same by names that are made up later.
                "CREATE TABLE m (x String) ENGINE = Merge(REGEXP('^isolated_'), 'secrets')",
                "CREATE TABLE m (x String) ENGINE = Merge(concat('isol', 'ated_1'), 'secrets')",
                "CREATE TABLE m (x String) ENGINE = Merge('default', '.*')",
                "CREATE VIEW v (x String) AS SELECT x FROM merge(REGEXP('^isol'), 'secrets')",
                "CREATE VIEW v (x String) AS SELECT x FROM merge(currentDatabase(), '.*')",
                "CREATE VIEW v (x String) AS SELECT x FROM \"m\\x65rge\"('.*')",
                "CREATE VIEW v (x String) AS SELECT x FROM own WHERE x IN merge(concat('isol', 'ated_1'), 'secrets')",
                "ALTER TABLE own UPDATE y = (SELECT any(x) FROM merge(REGEXP('^isol'), 'secrets')) WHERE 1",
                "CREATE TABLE a ENGINE = Alias(concat('isol', 'ated_1'), 'secrets')",
                "CREATE TABLE b (x String) ENGINE = Buffer(concat('isol', 'ated_1'), 'secrets', 1, 1, 1, 1, 1, 1, 1)",
                "CREATE VIEW v (x String) AS WITH concat('isol', 'ated_1.d') AS n SELECT dictGet(n, 'x', 1) AS x",
                "CREATE VIEW v (x String) AS SELECT joinGet('isol' || 'ated_1.j', 'x', 1) AS x",
                "CREATE VIEW v (x String) AS SELECT * FROM loop(concat('isol', 'ated_1'), 'secrets')",
                "CREATE VIEW v (x String) AS SELECT * FROM eval(concat('SELECT x FROM isol', 'ated_1.secrets'))",
                "CREATE VIEW v (x String) AS SELECT * FROM remote('localhost', concat('isol', 'ated_1'), 'secrets')",
                // Or files.
                "CREATE VIEW v (x String) AS SELECT line AS x FROM file('/etc/passwd', 'LineAsString')",
                "CREATE VIEW v (x String) AS SELECT file('/etc/passwd') AS x",
                "CREATE TABLE f AS file('/etc/passwd', 'LineAsString')",
                "CREATE TABLE r (x String) ENGINE = EmbeddedRocksDB(0, '/tmp/rocks') PRIMARY KEY x",
                "CREATE TABLE f (line String) ENGINE = File(LineAsString, '/etc/passwd')",
                "ALTER TABLE own UPDATE y = 'changed' WHERE 1 SETTINGS validate_mutation_query = 0"
            })
    void nothingIsDefinedByWhichTheEngineReadsForATestWhatIsNotItsOwn(String sql) throws Exception {
        requireDone(post(lease.handle(), "", "CREATE TABLE own (x String, y String) ENGINE = MergeTree ORDER BY x"));
        requireDone(post(lease.handle(), "", "CREATE VIEW mine (x String) AS SELECT x FROM own"));
        String asked = String.format(sql, neighbour.handle().database())
                .replace("OWN", lease.handle().database());
        assertThat(post(lease.handle(), "", asked)).as(asked).satisfies(refusal("497", 403));
    }

    @Test
    void aNameThatARequestTellsApartFromItsStatementIsSeenToo() throws Exception {
        String name = "&param_name=" + neighbour.handle().database();
        requireDone(post(lease.handle(), "", "CREATE TABLE own (x String) ENGINE = MergeTree ORDER BY tuple()"));
        for (String sql : new String[] {
            "ALTER TABLE own UPDATE x = (SELECT any(x) FROM {name:Identifier}.secrets) WHERE 1",
            "CREATE VIEW v (x String) AS SELECT x FROM {name:Identifier}.secrets"
        }) {
            assertThat(post(lease.handle(), name, sql)).as(sql).satisfies(refusal("497", 403));
        }
        requireDone(post(
                lease.handle(),
                "&session_id=s",
                "SET param_name = '" + neighbour.handle().database() + "'"));
        assertThat(post(
                        lease.handle(),
                        "&session_id=s",
                        "ALTER TABLE own UPDATE x = (SELECT any(x) FROM {name:Identifier}.secrets) WHERE 1"))
                .satisfies(refusal("497", 403));
        requireDone(post(lease.handle(), "&param_name=named", "CREATE TABLE {name:Identifier} AS own"));
    }

    @Test
    void programsAreNotRun() throws Exception {
        for (String sql : new String[] {
            "SELECT * FROM executable('cat', 'TSV', 'x String')",
            "SELECT * FROM executable('/bin/cat /etc/passwd', 'TSV', 'x String')",
            "CREATE TABLE e (x String) ENGINE = Executable('/bin/cat', TSV)",
            "CREATE TABLE e (x String) ENGINE = ExecutablePool('/bin/cat', TSV)",
            "CREATE FUNCTION f AS x -> x + 1",
            "CREATE NAMED COLLECTION c AS a = '1'",
            "SELECT * FROM file('config.xml', 'LineAsString')"
        }) {
            assertThat(post(lease.handle(), "", sql).statusCode()).as(sql).isGreaterThanOrEqualTo(400);
        }
    }

    @Test
    void definitionsOfWhatIsTheTestsOwnAreNotInTheWay() throws Exception {
        String database = lease.handle().database();
        for (String sql : new String[] {
            "CREATE TABLE own (x String COMMENT 'not of file(x)', n UInt8) ENGINE = MergeTree ORDER BY x",
            "WITH 1 AS insert INSERT INTO own FORMAT CSV\na,1\n",
            "WITH 'b' AS named INSERT INTO own SELECT named, 2",
            "CREATE VIEW seen AS SELECT * FROM own",
            "CREATE TABLE merged ENGINE = Merge(currentDatabase(), '^own')",
            "CREATE TABLE merged_too AS own ENGINE = Merge(" + database + ", '^own')",
            "CREATE VIEW merging AS SELECT * FROM merge('" + database + "', '^own')",
            "CREATE TABLE buffer AS own ENGINE = Buffer('', 'own', 1, 1, 1, 1, 1, 1, 1)",
            "CREATE TABLE alias ENGINE = Alias('own')",
            "CREATE TABLE " + database + ".isolated_runs (x String) ENGINE = Memory",
            "CREATE DICTIONARY d (x String, n UInt8) PRIMARY KEY x SOURCE(CLICKHOUSE(DB '" + database
                    + "' TABLE 'seen')) LAYOUT(COMPLEX_KEY_HASHED()) LIFETIME(0)",
            "CREATE TABLE asking (x String, n UInt8 DEFAULT dictGet('d', 'n', tuple(x))) ENGINE = Memory",
            "INSERT INTO asking (x) VALUES ('b')",
            "CREATE DATABASE " + database + "_beside ENGINE = Atomic",
            "CREATE MATERIALIZED VIEW fresh REFRESH EVERY 1 DAY ENGINE = Memory AS SELECT * FROM seen",
            "ALTER TABLE own UPDATE n = (SELECT max(n) FROM seen) WHERE x = 'a' SETTINGS mutations_sync = 1",
            "DELETE FROM own WHERE x = 'b'"
        }) {
            requireDone(post(lease.handle(), "", sql));
        }
        assertThat(post(lease.handle(), "", "SELECT n FROM own").body()).isEqualTo("2\n");
        assertThat(post(lease.handle(), "", "SELECT n FROM asking").body()).isEqualTo("2\n");
        assertThat(post(lease.handle(), "", "SELECT count() FROM merging").body())
                .isEqualTo("1\n");
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
