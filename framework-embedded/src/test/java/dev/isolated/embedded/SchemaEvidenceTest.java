package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.Bench;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a schema tells of a test that has failed, whether the tests have roles of their own or share the administrator's. */
@ExtendWith(OwnServers.class)
class SchemaEvidenceTest {

    private static final String WITH_ROLES = "keeper";
    private static final String WITHOUT_ROLES = "tenant";

    private final OwnServer own;

    SchemaEvidenceTest(OwnServer own) {
        this.own = own;
    }

    @BeforeAll
    static void furnish(OwnServer own) throws SQLException {
        own.run(
                "CREATE ROLE keeper LOGIN CREATEROLE PASSWORD 'let me in'",
                "CREATE DATABASE keeper OWNER keeper",
                "CREATE ROLE tenant LOGIN PASSWORD 'let me in'",
                "CREATE DATABASE tenant OWNER tenant");
    }

    @ParameterizedTest
    @ValueSource(strings = {WITH_ROLES, WITHOUT_ROLES})
    void case35ATestIsToldOfItsOwnSchemaAndOfNoOther(String administrator) throws SQLException {
        try (Slices<Postgres> slices = connect(administrator, Map.of())) {
            Slice<Postgres> failed = slices.create(1);
            Slice<Postgres> neighbour = slices.create(2);
            var buys = new Tenant("Shop.buys");
            var sells = new Tenant("Shop.sells");
            try (Connection committed = failed.handOut(buys).connection();
                    Connection open = neighbour.handOut(sells).connection();
                    Statement buying = committed.createStatement();
                    Statement selling = open.createStatement()) {
                String schema = committed.getSchema();
                String other = open.getSchema();
                buying.execute("UPDATE goods SET stock = 7 WHERE name = 'tea'");
                committed.setAutoCommit(false);
                buying.execute("INSERT INTO goods VALUES ('honey', 1)");
                selling.execute("UPDATE goods SET stock = 8 WHERE name = 'milk'");
                open.setAutoCommit(false);
                selling.execute("INSERT INTO goods VALUES ('cake', 1)");

                assertThat(told(failed, "rows written to " + schema + ".goods"))
                        .isEqualTo("state | name | stock\ncommitted | tea | 7");
                assertThat(failed.evidence())
                        .extracting(Evidence::title)
                        .filteredOn(title -> title.startsWith("rows written"))
                        .hasSize(1);
                assertThat(told(failed, "sessions"))
                        .contains("idle in transaction: INSERT INTO goods VALUES ('honey', 1)")
                        .doesNotContain("cake")
                        .doesNotContain("isolated admin");
                assertThat(told(failed, "locks").lines())
                        .isNotEmpty()
                        .allMatch(line -> line.contains(schema + "."))
                        .anyMatch(line -> line.contains("RowExclusiveLock  held  by backend"));
                assertThat(told(failed, "connections")).contains("SchemaEvidenceTest");
                assertThat(failed.ownLogLines().orElseThrow())
                        .accepts("ERROR in " + schema)
                        .rejects("ERROR in " + other);
                committed.rollback();
                open.rollback();
            } finally {
                end(buys, failed);
                end(sells, neighbour);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {WITH_ROLES, WITHOUT_ROLES})
    void case35WhereNothingWasWrittenItSaysSo(String administrator) throws SQLException {
        try (Slices<Postgres> slices = connect(administrator, Map.of())) {
            Slice<Postgres> slice = slices.create(1);
            var tenant = new Tenant("Shop.looks");
            try (Connection connection = slice.handOut(tenant).connection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT name FROM goods");
                assertThat(told(slice, "rows written")).isEqualTo("none that is committed and still there");
            } finally {
                end(tenant, slice);
            }
        }
    }

    @Test
    void case35ThatASchemaIsNotKeptIsSaidToWhoeverHasAskedForIt() {
        try (Slices<Postgres> slices = connect(WITH_ROLES, Map.of("isolated.postgres.keep-on-failure", "1h"))) {
            Slice<Postgres> slice = slices.create(1);
            var tenant = new Tenant("Shop.fails");
            slice.handOut(tenant);
            assertThat(slice.keep()).isEmpty();
            assertThat(told(slice, "not kept"))
                    .contains("In SCHEMA isolation nothing is kept by isolated.postgres.keep-on-failure")
                    .contains("Use DATABASE isolation");
            end(tenant, slice);
        }
    }

    private Slices<Postgres> connect(String administrator, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "isolated.postgres.user",
                administrator,
                "isolated.postgres.password",
                "let me in",
                "isolated.postgres.connections",
                "3",
                "isolated.postgres.scripts",
                "dev/isolated/postgres/evidence.sql"));
        settings.putAll(more);
        return own.connect(Bench.newRun(), PostgresService.SCHEMA, settings);
    }

    private static void end(Tenant tenant, Slice<Postgres> slice) {
        tenant.end();
        slice.reset();
        slice.awaitReset();
        slice.destroy();
    }

    /** The text of the first piece of evidence whose title begins so. */
    private static String told(Slice<Postgres> slice, String title) {
        return slice.evidence().stream()
                .filter(it -> it.title().startsWith(title))
                .findFirst()
                .orElseThrow(() -> new AssertionError(title + " is not in " + slice.evidence()))
                .text();
    }
}
