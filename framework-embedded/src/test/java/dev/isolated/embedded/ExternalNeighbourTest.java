package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.contract.Bench;
import dev.isolated.error.IsolationException;
import dev.isolated.lease.Lease;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slices;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nothing on a server of the user's own is touched but this library's own slices, whatever the names of the rest. */
class ExternalNeighbourTest {

    private static final Map<String, String> SCRIPTS = Map.of(
            "isolated.postgres.scripts", "dev/isolated/embedded/contract.sql", "isolated.postgres.templates.max", "0");

    private OwnServer own;
    private List<String> before;

    @BeforeEach
    void furnish() throws IOException, SQLException {
        own = OwnServer.start();
        own.run(
                "CREATE ROLE keeper LOGIN PASSWORD 'x'",
                "CREATE DATABASE shop OWNER keeper",
                "CREATE ROLE isolated_stuff",
                "CREATE DATABASE isolated_stuff OWNER isolated_stuff",
                "CREATE ROLE isolated_deadbeef_1",
                "COMMENT ON ROLE isolated_deadbeef_1 IS 'the user''s own'",
                "CREATE ROLE isolated_cafebabe_1",
                "CREATE DATABASE isolated_template_0123456789abcdef OWNER keeper",
                "CREATE DATABASE isolated_building_0123456789abcdef OWNER keeper",
                "CREATE DATABASE isolated_cafebabe_1 OWNER isolated_cafebabe_1",
                "CREATE DATABASE isolated_0badcafe_1 OWNER keeper",
                "GRANT CONNECT ON DATABASE shop TO isolated_cafebabe_1",
                "ALTER ROLE keeper SET statement_timeout = '1min'");
        before = catalog();
    }

    @AfterEach
    void stop() {
        own.close();
    }

    @Test
    void runsAndWhatIsSweptAfterACrashLeaveTheRestAsItWas() throws Exception {
        Server server = own.external(Map.of());
        try (var bench = Bench.open(OwnServer.SERVICE, server, PostgresService.TRANSACTION, own.settings(SCRIPTS));
                Lease<Postgres> lease = bench.pool().lease("ShopTest.sells")) {
            assertThat(catalog()).contains(lease.handle().database()).hasSizeGreaterThan(before.size());
        }
        assertThat(catalog()).isEqualTo(before);

        String doomed = Bench.newRun();
        Slices<Postgres> dying = own.connect(doomed, SCRIPTS);
        var unused = dying.create(1);
        new PostgresProbe(own.server(), PostgresService.TRANSACTION).crash(doomed);
        try (Slices<Postgres> sweeper = own.connect(Bench.newRun(), SCRIPTS)) {
            List<Leftover> found = sweeper.leftovers();
            assertThat(found).hasSize(1).allMatch(it -> it.describe().contains(doomed));
            found.forEach(Leftover::remove);
        }
        assertThat(catalog()).isEqualTo(before);
    }

    @Test
    void whatHasTheVeryNameOfASliceStopsTheSliceAndStays() throws SQLException {
        try (Slices<Postgres> slices = own.connect("deadbeef", Map.of())) {
            assertThatThrownBy(() -> slices.create(1))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("role \"isolated_deadbeef_1\" already exists");
        }
        assertThat(catalog()).isEqualTo(before);
        try (Slices<Postgres> slices = own.connect("0badcafe", Map.of())) {
            assertThatThrownBy(() -> slices.create(1))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("database \"isolated_0badcafe_1\" already exists");
        }
        assertThat(catalog()).isEqualTo(before);
    }

    @Test
    void whatAnotherAdministratorsRunsHaveLeftIsLeftToThem() throws Exception {
        own.run(
                "CREATE ROLE ada LOGIN CREATEDB CREATEROLE PASSWORD 'x'",
                "CREATE ROLE bob LOGIN CREATEDB CREATEROLE PASSWORD 'x'");
        Slices<Postgres> dying = own.connect("00000001", as("ada"));
        var unused = dying.create(1);
        new PostgresProbe(own.server(), PostgresService.TRANSACTION).crash("00000001");

        try (Slices<Postgres> others = own.connect("00000002", as("bob"));
                Slices<Postgres> own1 = own.connect("00000003", as("ada"))) {
            assertThat(others.leftovers()).isEmpty();
            assertThat(own1.leftovers()).hasSize(1).allSatisfy(Leftover::remove);
            assertThat(own1.leftovers()).isEmpty();
        }
    }

    private static Map<String, String> as(String user) {
        return Map.of("isolated.postgres.user", user, "isolated.postgres.password", "x");
    }

    /** All that databases of one server share, row by row, without what its own housekeeping changes. */
    private List<String> catalog() throws SQLException {
        var rows = new ArrayList<String>();
        for (String query : List.of(
                "SELECT datname FROM pg_database ORDER BY 1",
                "SELECT (to_jsonb(d) - 'datfrozenxid' - 'datminmxid')::text FROM pg_database d ORDER BY oid",
                "SELECT a::text FROM pg_authid a ORDER BY oid",
                "SELECT m::text FROM pg_auth_members m ORDER BY 1",
                "SELECT s::text FROM pg_db_role_setting s ORDER BY 1",
                "SELECT s::text FROM pg_shdescription s ORDER BY 1",
                "SELECT s::text FROM pg_shdepend s ORDER BY 1",
                "SELECT s::text FROM pg_shseclabel s ORDER BY 1",
                "SELECT s::text FROM pg_tablespace s ORDER BY 1")) {
            rows.addAll(own.list(query));
        }
        return rows;
    }
}
