package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.error.IsolationException;
import dev.isolated.error.SettingsException;
import dev.isolated.lease.Lease;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Base;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Code of the user's that makes what tests of ClickHouse start from. */
class ClickHouseBasesTest extends ClickHouseServed {

    private static final ClickHouseService SERVICE = new ClickHouseService();

    @ParameterizedTest
    @ValueSource(strings = {ClickHouseService.DATABASE, ClickHouseService.PREFIX})
    void everyTestStartsFromItsBaseAndWhatThatBuildsUpon(String mode) throws Exception {
        try (Slices<ClickHouse> slices = connect(mode, List.of(Prices.class, Teas.class), Map.of())) {
            Slice<ClickHouse> slice = slices.create(1);
            for (int i = 0; i < 3; i++) {
                ClickHouse handle = slice.handOut(new Tenant("test " + i));
                assertThat(answer(handle, "SELECT count(), sum(cents) FROM " + handle.table("prices")))
                        .isEqualTo("1\t350");
                assertThat(answer(handle, "SELECT count() FROM " + handle.table("teas")))
                        .isEqualTo("1");
                execute(handle, "INSERT INTO " + handle.table("teas") + " VALUES ('darjeeling')");
                execute(handle, "DROP TABLE " + handle.table("prices"));
                slice.reset();
                slice.awaitReset();
            }
            slice.destroy();
        }
    }

    @Test
    void databasesAreMadeAheadWithTheirBase() throws Exception {
        var settings = ClickHouseServers.settings(2, Map.of("isolated.lease.warm", "2"));
        var plan = new Plan(ClickHouseService.DATABASE, List.of(Prices.class), settings, Bench.newRun());
        try (Bench<ClickHouse> bench = Bench.open(SERVICE, server, plan, System::nanoTime);
                Lease<ClickHouse> first = bench.pool().lease("the first and only one")) {
            await().until(() -> bench.pool().status().ready() == 1);

            assertThat(ClickHouseServers.askAsAdministrator(
                            server,
                            "SELECT arraySort(groupArray(database = '"
                                    + first.handle().database() + "'))"
                                    + " FROM system.tables WHERE name = 'prices' AND total_rows = 1"
                                    + " AND position(database, '_" + bench.run() + "_') > 0"))
                    .as("which of the databases that have their prices is leased")
                    .isEqualTo("[0, 1]");
        }
    }

    @Test
    void basesOfTheSettingsComeAfterScripts() throws Exception {
        Map<String, String> settings = Map.of(
                "isolated.clickhouse.scripts",
                "clickhouse/shop.sql",
                "isolated.clickhouse.bases",
                Ordering.class.getName());
        try (Slices<ClickHouse> slices = connect(ClickHouseService.DATABASE, List.of(), settings)) {
            Slice<ClickHouse> slice = slices.create(1);
            ClickHouse handle = slice.handOut(new Tenant("test"));
            assertThat(answer(handle, "SELECT count() FROM orders")).isEqualTo("2");
            assertThat(answer(handle, "SELECT user FROM made_by")).isEqualTo(answer(handle, "SELECT currentUser()"));
            slice.destroy();
        }
    }

    @Test
    void whatABaseLeavesOpenEndsWithIt() {
        try (Slices<ClickHouse> slices = connect(ClickHouseService.DATABASE, List.of(Careless.class), Map.of())) {
            Slice<ClickHouse> slice = slices.create(1);
            assertThatThrownBy(() -> Careless.left.createStatement().execute("SELECT 1"))
                    .hasMessageContaining("the base " + Careless.class.getName());
            slice.destroy();
        }
    }

    @Test
    void aBaseThatFailsOrIsNoneIsNamed() {
        try (Slices<ClickHouse> slices = connect(ClickHouseService.DATABASE, List.of(Failing.class), Map.of())) {
            assertThatThrownBy(() -> slices.create(1))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("Could not prepare ClickHouse database isolated_")
                    .hasMessageContaining("expected the base " + Failing.class.getName() + " to run to its end")
                    .hasMessageContaining("the kettle is cold")
                    .hasMessageContaining("What to do: correct it; it works as the test's own user");
        }
        assertThatThrownBy(() -> connect(
                        ClickHouseService.DATABASE,
                        List.of(),
                        Map.of("isolated.clickhouse.bases", "com.example.Nowhere")))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("correct isolated.clickhouse.bases");
        assertThatThrownBy(() -> connect(ClickHouseService.DATABASE, List.of(String.class), Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("expected a class that implements dev.isolated.spi.Base<ClickHouse>");
    }

    private static Slices<ClickHouse> connect(String mode, List<Class<?>> bases, Map<String, String> texts) {
        Settings settings = ClickHouseServers.settings(1, texts);
        return SERVICE.connect(server, new Plan(mode, bases, settings, Bench.newRun()));
    }

    private static String answer(ClickHouse handle, String sql) throws Exception {
        return ClickHouseHttp.post(handle, "", sql).body().strip();
    }

    private static void execute(ClickHouse handle, String sql) throws SQLException {
        try (Connection connection = handle.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** A state to start from. */
    static final class Teas implements Base<ClickHouse> {

        @Override
        public void prepare(ClickHouse handle) throws SQLException {
            execute(
                    handle,
                    "CREATE TABLE " + handle.table("teas")
                            + " (name String) ENGINE = MergeTree ORDER BY name AS SELECT 'assam'");
        }
    }

    /** One that extends it. */
    static final class Prices implements Base<ClickHouse> {

        @Override
        public List<Class<? extends Base<ClickHouse>>> upon() {
            return List.of(Teas.class);
        }

        @Override
        public void prepare(ClickHouse handle) throws SQLException {
            execute(
                    handle,
                    "CREATE TABLE " + handle.table("prices")
                            + " (name String, cents UInt32) ENGINE = MergeTree ORDER BY name AS SELECT name, 350 FROM "
                            + handle.table("teas"));
        }
    }

    /** One that builds upon a script. */
    static final class Ordering implements Base<ClickHouse> {

        @Override
        public void prepare(ClickHouse handle) throws SQLException {
            execute(handle, "INSERT INTO orders VALUES (2, 'coffee', 4)");
            execute(handle, "CREATE TABLE made_by ENGINE = Memory AS SELECT currentUser() AS user");
        }
    }

    /** One that does not close what it opens. */
    static final class Careless implements Base<ClickHouse> {

        private static volatile Connection left;

        @Override
        public void prepare(ClickHouse handle) throws SQLException {
            left = handle.dataSource().getConnection();
        }
    }

    /** One that fails. */
    static final class Failing implements Base<ClickHouse> {

        @Override
        public void prepare(ClickHouse handle) throws IOException {
            throw new IOException("the kettle is cold");
        }
    }
}
