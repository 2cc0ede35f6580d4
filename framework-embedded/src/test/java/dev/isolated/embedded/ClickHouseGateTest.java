package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.lease.Lease;
import dev.isolated.spi.Server;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one test cannot do to another on the embedded engine, however it is spelled. */
class ClickHouseGateTest {

    private static Server server;

    private Bench<ClickHouse> bench;
    private Lease<ClickHouse> mine;
    private Lease<ClickHouse> other;

    @BeforeAll
    static void startServer() {
        server = ClickHouseServers.embedded();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void lease() throws Exception {
        bench = Bench.open(
                new ClickHouseService(), server, ClickHouseService.DATABASE, ClickHouseServers.settings(2, Map.of()));
        mine = bench.pool().lease("one test");
        other = bench.pool().lease("another test");
        assertThat(ask(other, "CREATE TABLE secret (id UInt64, x String) ENGINE = MergeTree ORDER BY id"))
                .isEmpty();
        assertThat(ask(other, "INSERT INTO secret VALUES (1, 'hidden')")).isEmpty();
    }

    @AfterEach
    void giveBack() {
        mine.close();
        other.close();
        bench.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET ROLE isolated_all",
                "// x\nSET ROLE isolated_all",
                "# x\nSET ROLE isolated_all",
                "#!x\nSET ROLE isolated_all",
                "/* /* */ x */ SET ROLE isolated_all",
                "SET/**/ROLE isolated_all",
                "SET\u00a0ROLE isolated_all",
                "SET DEFAULT ROLE isolated_all TO default",
                "EXECUTE AS default SELECT 1",
                "SET max_threads = 1; SET ROLE isolated_all",
                "SET max_threads = 1; SET ROLE isolated_all; ((",
                "SELECT 1; SET ROLE isolated_all; ((",
                "CREATE TABLE p (x Int32) ENGINE = Memory PARALLEL WITH SET ROLE isolated_all",
                "INSERT INTO own VALUES ('x'); SET ROLE isolated_all",
                "INSERT INTO own VALUES ('x'); SET ROLE isolated_all; ((",
                "INSERT INTO own VALUES ('%LONG%'); SET ROLE isolated_all",
                "SELECT 1 /* %LONG% */; SET ROLE isolated_all"
            })
    void aTestKeepsItsRole(String sql) throws Exception {
        ask(mine, "CREATE TABLE own (x String) ENGINE = Memory");
        String role = ask(mine, "SELECT currentRoles()");
        String session = "&session_id=keeps&max_query_size=10000000";
        HttpResponse<String> answer = request(mine).post(session, sql.replace("%LONG%", "x".repeat(300_000)));
        assertThat(answer.statusCode()).as(answer.body()).isNotEqualTo(200);
        assertThat(request(mine)
                        .post("&session_id=keeps", "SELECT currentRoles()")
                        .body()
                        .strip())
                .isEqualTo(role);
        assertThat(ask(mine, "SELECT count() FROM own")).isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "KILL QUERY WHERE 1",
                "// x\nKILL QUERY WHERE 1",
                "KILL QUERY WHERE 1 FORMAT mutation",
                "KILL QUERY WHERE user = '%OTHER%'",
                "KILL /* x */ QUERY WHERE user = '%OTHER%' SYNC",
                "KILL QUERY WHERE query_id = '' OR 1 SYNC",
                "KILL QUERY WHERE query_id = 'x\\' OR 1 --'",
                "KILL QUERY WHERE user = '%OWN%' OR 1"
            })
    void nobodyEndsTheQueriesOfOthers(String sql) throws Exception {
        HttpResponse<String> answer = request(mine)
                .post(
                        "",
                        sql.replace("%OTHER%", other.handle().user())
                                .replace("%OWN%", mine.handle().user()));
        assertThat(answer).satisfies(ClickHouseHttp.refusal("497", 403));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 SETTINGS query_cache_tag = 'x'",
                "SELECT 1 AS values SETTINGS query_cache_tag = 'x'",
                "SELECT 1 SETTINGS `query_cache_t\\x61g` = 'x'",
                "SET query_cache_tag = 'x'",
                "INSERT INTO FUNCTION null('x Int32') SETTINGS query_cache_tag = 'x' VALUES (1)"
            })
    void nobodyChoosesTheMarkByWhichQueriesAreEnded(String sql) throws Exception {
        assertThat(request(mine).post("", sql)).satisfies(ClickHouseHttp.refusal("452", 500));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SOURCE(CLICKHOUSE(DB '%OTHER%' TABLE 'secret'))",
                "SOURCE(/**/CLICKHOUSE(DB '%OTHER%' TABLE 'secret'))",
                "SOURCE(\"clickhouse\"(DB '%OTHER%' TABLE 'secret'))",
                "SOURCE(\"click\\x68ouse\"(DB '%OTHER%' TABLE 'secret'))",
                "SOURCE(CLICKHOUSE(\"db\"'%OTHER%' TABLE 'secret'))",
                "SOURCE(CLICKHOUSE(DB/**/'%OTHER%' TABLE 'secret'))",
                "SOURCE(CLICKHOUSE(DB $$%OTHER%$$ TABLE 'secret'))",
                "SOURCE(CLICKHOUSE(DB \u2018%OTHER%\u2019 TABLE 'secret'))",
                "SOURCE(CLICKHOUSE(DB '%OWN%' DB '%OTHER%' TABLE 'secret'))",
                "SOURCE(CLICKHOUSE(QUERY'SELECT id, x FROM %OTHER%.secret'))",
                "SOURCE(CLICKHOUSE(TABLE 'secret'))",
                "SOURCE(CLICKHOUSE(NAME collection DB '%OWN%'))",
                "SOURCE(CLICKHOUSE(DB '%OWN%' TABLE 'secret' WHERE 'id IN (SELECT id FROM %OTHER%.secret)'))"
            })
    void aDictionaryReadsNothingButTheTestsOwn(String source) throws Exception {
        HttpResponse<String> answer = request(mine)
                .post(
                        "",
                        named("CREATE DICTIONARY d (id UInt64, x String) PRIMARY KEY id LAYOUT(FLAT()) LIFETIME(0) "
                                + source));
        assertThat(answer).satisfies(ClickHouseHttp.refusal("497", 403));
        assertThat(answer.body()).contains("own database");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE VIEW v (x String) SQL SECURITY DEFINER AS SELECT x FROM %OTHER%.secret",
                "CREATE VIEW v (x String) DEFINER = CURRENT_USER AS SELECT x FROM %OTHER%.secret",
                "CREATE VIEW v (x String) DEFINER = default SQL/**/SECURITY DEFINER AS SELECT x FROM %OTHER%.secret",
                "// x\nCREATE OR REPLACE VIEW v (x String) SQL SECURITY DEFINER AS SELECT x FROM %OTHER%.secret",
                "CREATE VIEW v (x String) SQL SECURITY NONE AS SELECT x FROM %OTHER%.secret",
                "CREATE VIEW v (x String) AS SELECT x FROM %OTHER%.secret SETTINGS default_normal_view_sql_security = 'DEFINER'",
                "CREATE MATERIALIZED VIEW v TO %OTHER%.secret AS SELECT id, '' AS x FROM own",
                "CREATE MATERIALIZED VIEW v REFRESH EVERY 1 SECOND TO own (id UInt64) EMPTY AS SELECT id FROM %OTHER%.secret",
                "ALTER TABLE safe MODIFY SQL SECURITY DEFINER"
            })
    void aViewHasTheRightsOfItsUser(String sql) throws Exception {
        ask(mine, "CREATE TABLE own (id UInt64) ENGINE = Memory");
        ask(mine, "CREATE VIEW safe AS SELECT id FROM own");
        HttpResponse<String> answer = request(mine).post("", named(sql));
        HttpResponse<String> read = request(mine).post("", "SELECT * FROM v");
        assertThat(answer.statusCode() == 200 ? read.statusCode() : answer.statusCode())
                .as(answer.body() + read.body())
                .isGreaterThan(200);
        assertThat(read.body()).doesNotContain("hidden");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SELECT 1 INTO OUTFILE '%FILE%'",
                "SELECT 1 INTO/**/OUTFILE '%FILE%' FORMAT JSON",
                "SELECT 1 INTO OUTFILE $$%FILE%$$ TRUNCATE",
                "SELECT 1 INTO OUTFILE \u2018%FILE%\u2019",
                "SHOW TABLES INTO OUTFILE '%FILE%'",
                "INSERT INTO own FROM INFILE '/etc/passwd' FORMAT LineAsString",
                "INSERT INTO values FROM INFILE '/etc/passwd' FORMAT LineAsString",
                "INSERT INTO own FROM /**/ INFILE '/etc/passwd' SETTINGS max_threads = 1 FORMAT LineAsString",
                "SELECT * FROM file('/etc/passwd', 'LineAsString')",
                "INSERT INTO FUNCTION file('%FILE%', 'TSV') SELECT 1"
            })
    void filesAreTheClients(String sql, @TempDir Path directory) throws Exception {
        Files.setAttribute(directory, "unix:mode", 0777);
        Path file = directory.resolve("written");
        ask(mine, "CREATE TABLE own (x String) ENGINE = Memory");
        ask(mine, "CREATE TABLE values (x String) ENGINE = Memory");
        HttpResponse<String> answer = request(mine).post("", sql.replace("%FILE%", file.toString()));
        assertThat(answer.statusCode()).as(answer.body()).isNotEqualTo(200);
        assertThat(file).doesNotExist();
        assertThat(ask(mine, "SELECT count() FROM (SELECT * FROM own UNION ALL SELECT * FROM values)"))
                .isEqualTo("0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "role", "profile", "policy", "quota", "settings", "outfile", "infile", "source"})
    void aTableMayHaveAnyName(String name) throws Exception {
        for (String sql : new String[] {
            "CREATE TABLE " + name + " (id UInt64, definer String) ENGINE = MergeTree ORDER BY id",
            "ALTER TABLE " + name + " ADD COLUMN role String",
            "INSERT INTO " + name + " VALUES (1, 'INTO OUTFILE', 'x')",
            "CREATE VIEW v_" + name + " AS SELECT * FROM " + name + " WHERE \"definer\" = 'x'",
            "DROP VIEW v_" + name,
            "DROP TABLE " + name
        }) {
            assertThat(ask(mine, sql)).as(sql).isEmpty();
        }
    }

    @Test
    void usersAreTheAdministrators() throws Exception {
        for (String sql : new String[] {
            "CREATE USER u",
            "CREATE OR REPLACE USER u",
            "DROP ROLE IF EXISTS r",
            "ALTER SETTINGS PROFILE p SETTINGS max_threads = 1",
            "CREATE ROW POLICY p ON t USING 1",
            "// x\nCREATE QUOTA q",
            "GRANT ALL ON *.* TO default",
            "REVOKE ALL ON *.* FROM default"
        }) {
            assertThat(request(mine).post("", sql)).as(sql).satisfies(ClickHouseHttp.refusal("497", 403));
        }
    }

    private String named(String sql) {
        return sql.replace("%OTHER%", other.handle().database())
                .replace("%OWN%", mine.handle().database());
    }

    private static ClickHouseHttp request(Lease<ClickHouse> lease) {
        return ClickHouseHttp.of(lease.handle());
    }

    private static String ask(Lease<ClickHouse> lease, String sql) throws Exception {
        return request(lease).post("", sql).body().strip();
    }
}
