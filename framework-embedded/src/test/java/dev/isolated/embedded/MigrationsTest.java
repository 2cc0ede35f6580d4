package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.error.IsolationException;
import dev.isolated.error.SettingsException;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Base;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Flyway, Liquibase and code of the user's make what tests start from. */
class MigrationsTest extends FromTemplates {

    MigrationsTest(OwnServer own) {
        super(own);
    }

    @Test
    void flywaysMigrationsInTheUsualPlaceAreFoundAndCanBeSwitchedOff() throws Exception {
        classPath.write("db/migration/V1__tea.sql", "CREATE TABLE tea (name text)");
        classPath.write("db/migration/V2__leaves.sql", "INSERT INTO tea VALUES ('assam'), ('sencha')");
        assertThat(query(Map.of(), "SELECT count(*) FROM tea")).isEqualTo("2");
        assertThat(query(Map.of(), "SELECT count(*) FROM flyway_schema_history"))
                .isEqualTo("2");
        List<String> templates = templates();

        classPath.write("db/migration/V3__more.sql", "INSERT INTO tea VALUES ('oolong')");
        assertThat(query(Map.of(), "SELECT count(*) FROM tea")).isEqualTo("3");
        assertThat(templates()).containsAll(templates).hasSize(templates.size() + 1);

        assertThat(query(Map.of("isolated.postgres.migrations", "none"), "SELECT to_regclass('tea')"))
                .isEqualTo("null");
    }

    @Test
    void aMigrationOfFlywaysThatFailsIsNamed() throws Exception {
        classPath.write("teas/V7__wrong.sql", "CREATE TABEL tea (name text)");
        Map<String, String> settings = Map.of(
                "isolated.postgres.migrations", "flyway", "isolated.postgres.flyway.locations", "classpath:teas");
        assertThatThrownBy(() -> query(settings, "SELECT 1"))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("expected Flyway's migrations in classpath:teas to run to its end")
                .hasMessageContaining("V7__wrong.sql")
                .hasMessageContaining("syntax error");
    }

    @Test
    void liquibasesChangeLogInTheUsualPlaceIsFoundWithWhatItIncludes() throws Exception {
        classPath.write("db/changelog/db.changelog-master.yaml", """
                databaseChangeLog:
                  - include: { file: tea/changes.sql }
                """);
        classPath.write("tea/changes.sql", """
                --liquibase formatted sql
                --changeset ada:1
                CREATE TABLE tea (name text);
                --changeset ada:2
                INSERT INTO tea VALUES ('assam');
                """);
        assertThat(query(Map.of(), "SELECT count(*) FROM tea")).isEqualTo("1");
        assertThat(query(Map.of(), "SELECT count(*) FROM databasechangelog")).isEqualTo("2");
        assertThat(templates()).hasSize(1);

        classPath.write("tea/changes.sql", """
                --liquibase formatted sql
                --changeset ada:1
                CREATE TABLE tea (name text);
                """);
        assertThat(query(Map.of(), "SELECT count(*) FROM tea")).isEqualTo("0");
        assertThat(templates()).hasSize(2);
    }

    @Test
    void migrationsOfBothToolsMustBeChosenFrom() throws Exception {
        classPath.write("db/migration/V1__tea.sql", "CREATE TABLE tea (name text)");
        classPath.write(
                "db/changelog/db.changelog-master.sql", "--liquibase formatted sql\n--changeset ada:1\nSELECT 1");
        assertThatThrownBy(() -> query(Map.of(), "SELECT 1"))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "Could not choose what makes the schema that tests start from: expected migrations of one tool in"
                                + " its usual place, but found Flyway's as well as Liquibase's. What to do: set"
                                + " isolated.postgres.migrations to flyway, liquibase or none.");
        assertThat(query(Map.of("isolated.postgres.migrations", "flyway"), "SELECT count(*) FROM tea"))
                .isEqualTo("0");
    }

    @Test
    void basesExtendOneAnotherAndEachIsPreparedOnce() throws Exception {
        String madeAt = own.inSlice(Map.of(), List.of(Teas.class), "SELECT max(at)::text FROM tea");
        assertThat(own.inSlice(Map.of(), List.of(Prices.class), "SELECT max(at)::text FROM tea"))
                .isEqualTo(madeAt);
        assertThat(own.inSlice(Map.of(), List.of(Prices.class), "SELECT sum(cents) FROM price NATURAL JOIN tea"))
                .isEqualTo("350");
        assertThat(query(Map.of("isolated.postgres.bases", Prices.class.getName()), "SELECT count(*) FROM price"))
                .isEqualTo("1");
        assertThat(templates()).hasSize(2);
    }

    @Test
    void whatABaseMakesBelongsToTheTestsAndItsConnectionsEndWithIt() throws Exception {
        assertThat(own.inSlice(Map.of(), List.of(Careless.class), "DROP TABLE left_open"))
                .isEmpty();
        assertThatThrownBy(() -> Careless.left.createStatement().execute("SELECT 1"))
                .isInstanceOf(SQLException.class);
        assertThat(own.list("SELECT rolname FROM pg_roles WHERE rolname ~ '^isolated_[0-9a-f]{8}_'"))
                .isEmpty();
    }

    @Test
    void aBaseThatFailsOrIsNoneIsNamed() {
        assertThatThrownBy(() -> own.inSlice(Map.of(), List.of(Failing.class), "SELECT 1"))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("expected the base " + Failing.class.getName() + " to run to its end")
                .hasMessageContaining("the kettle is cold");
        assertThatThrownBy(() -> query(Map.of("isolated.postgres.bases", "com.example.Nowhere"), "SELECT 1"))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "Could not start tests from com.example.Nowhere: expected a class of that name on the test class"
                                + " path, but found none. What to do: correct isolated.postgres.bases.");
        assertThatThrownBy(() -> query(Map.of("isolated.postgres.bases", String.class.getName()), "SELECT 1"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("expected a class that implements dev.isolated.spi.Base<Postgres>");
    }

    @ParameterizedTest
    @ValueSource(strings = {PostgresService.TRANSACTION, PostgresService.SCHEMA})
    void aBaseThatFailsWithAnErrorIsNamedAndLeavesNothing(String mode) throws SQLException {
        Map<String, String> few = Map.of("isolated.postgres.connections", "2");
        for (Class<?> base : List.of(Asserting.class, Uninitialised.class, Unmakeable.class)) {
            assertThatThrownBy(() -> own.inSlice(mode, few, List.of(base), "SELECT 1"))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining(base.getName());
        }
        Map<String, String> named = Map.of("isolated.postgres.bases", Unmakeable.class.getName());
        assertThatThrownBy(() -> query(named, "SELECT 1"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("start tests from " + Unmakeable.class.getName());
        assertThat(own.list("SELECT datname FROM pg_database WHERE datname LIKE 'isolated%'"))
                .isEmpty();
        assertThat(own.list("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'isolated%'"))
                .isEmpty();
        assertThat(own.list("SELECT rolname FROM pg_roles WHERE rolname ~ '^isolated_[0-9a-f]{8}_'"))
                .isEmpty();
    }

    /** One that finds something to be otherwise. */
    static final class Asserting implements Base<Postgres> {

        @Override
        public void prepare(Postgres postgres) throws SQLException {
            execute(postgres, "CREATE TABLE tea (name text)");
            throw new AssertionError("the kettle is cold");
        }
    }

    /** One that needs a class which cannot be used. */
    static final class Uninitialised implements Base<Postgres> {

        @Override
        public void prepare(Postgres postgres) {
            Broken.use();
        }
    }

    /** One that cannot be used itself. */
    static final class Unmakeable implements Base<Postgres> {

        private static final int KETTLE = Integer.parseInt("cold");

        @Override
        public void prepare(Postgres postgres) {
            assertThat(KETTLE).isZero();
        }
    }

    private static final class Broken {

        private static final int KETTLE = Integer.parseInt("cold");

        static void use() {
            assertThat(KETTLE).isZero();
        }
    }

    /** A state to start from. */
    static final class Teas implements Base<Postgres> {

        @Override
        public void prepare(Postgres postgres) throws SQLException {
            execute(postgres, "CREATE TABLE tea AS SELECT 'assam' AS name, clock_timestamp() AS at");
        }
    }

    /** One that extends it. */
    static final class Prices implements Base<Postgres> {

        @Override
        public List<Class<? extends Base<Postgres>>> upon() {
            return List.of(Teas.class);
        }

        @Override
        public void prepare(Postgres postgres) throws SQLException {
            execute(postgres, "CREATE TABLE price AS SELECT name, 350 AS cents FROM tea");
        }
    }

    /** One that does not close what it opens. */
    static final class Careless implements Base<Postgres> {

        private static volatile Connection left;

        @Override
        public void prepare(Postgres postgres) throws SQLException {
            left = postgres.connection();
            left.createStatement().execute("CREATE TABLE left_open (id int)");
        }
    }

    /** One that fails. */
    static final class Failing implements Base<Postgres> {

        @Override
        public void prepare(Postgres postgres) throws IOException {
            throw new IOException("the kettle is cold");
        }
    }

    private static void execute(Postgres postgres, String sql) throws SQLException {
        try (Connection connection = postgres.connection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String query(Map<String, String> settings, String sql) throws SQLException {
        return own.inSlice(settings, List.of(), sql);
    }

    private List<String> templates() throws SQLException {
        return own.list("SELECT datname FROM pg_database WHERE datname LIKE 'isolated_template%' ORDER BY oid");
    }
}
