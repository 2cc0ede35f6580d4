package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A failed test's database stays on the server for a while, for somebody to look at. */
@ExtendWith(OwnServers.class)
class KeptDatabaseTest {

    private static final Pattern COMMAND = Pattern.compile(
            "its database is kept until (\\S+):\nPGPASSFILE='(.+)' psql 'host=(\\S+) port=(\\d+) user=(\\S+) dbname=(\\S+)'");

    private final OwnServer own;

    KeptDatabaseTest(OwnServer own) {
        this.own = own;
    }

    @Test
    void case35TheDatabaseStaysForWhoeverHasThePassFileAndForNobodyElse() throws Exception {
        Kept kept = keepOne("1h");
        try {
            assertThat(Files.getPosixFilePermissions(kept.passFile))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
            String[] pass = Files.readString(kept.passFile).strip().split(":", -1);
            assertThat(pass).startsWith("127.0.0.1", Integer.toString(own.port()), kept.database, kept.database);
            assertThat(kept.description).doesNotContain(pass[4]);
            try (Connection visitor = own.connection(kept.database, kept.database, pass[4]);
                    Statement statement = visitor.createStatement();
                    ResultSet row = statement.executeQuery("SELECT name FROM thing")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getString(1)).isEqualTo("seen");
            }

            assertThatThrownBy(() -> kept.leaked.createStatement()).hasMessageContaining("FailedTest.fails");
            assertThatThrownBy(() -> own.connection(kept.database, kept.database, kept.passwordOfTest))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(own.list("SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '"
                            + kept.database + "'"))
                    .singleElement()
                    .asString()
                    .matches("made by Isolated for tests, kept until 2\\S+Z");
            assertThat(leftovers()).isEmpty();
        } finally {
            own.run("DROP DATABASE " + kept.database, "DROP ROLE " + kept.database);
            Files.delete(kept.passFile);
        }
    }

    @Test
    void case35WhenItsTimeIsOverTheNextRunRemovesIt() throws Exception {
        Kept kept = keepOne("1s");
        try (Slices<Postgres> sweeper = own.connect(Bench.newRun(), Map.of())) {
            await().until(() -> !sweeper.leftovers().isEmpty());
            List<Leftover> expired = sweeper.leftovers();
            assertThat(expired)
                    .singleElement()
                    .satisfies(it -> assertThat(it.describe())
                            .isEqualTo("database and role " + kept.database + ", kept after a failed test until now"));
            expired.forEach(Leftover::remove);
        }
        assertThat(own.list("SELECT datname FROM pg_database WHERE datname = '" + kept.database + "'"))
                .isEmpty();
        assertThat(own.list("SELECT rolname FROM pg_roles WHERE rolname = '" + kept.database + "'"))
                .isEmpty();
        assertThat(kept.passFile).doesNotExist();
    }

    @Test
    void case35NothingIsKeptWhereNobodyHasAskedForIt() throws SQLException {
        try (Slices<Postgres> slices = own.connect(Bench.newRun(), PostgresService.DATABASE, few())) {
            Slice<Postgres> slice = slices.create(1);
            assertThat(slice.keep()).isEmpty();
            slice.destroy();
        }
    }

    private record Kept(String description, Path passFile, String database, Connection leaked, String passwordOfTest) {}

    /** Has a test fail in a run of its own, which ends. */
    private Kept keepOne(String time) throws SQLException {
        Map<String, String> settings = new HashMap<>(few());
        settings.put("isolated.postgres.keep-on-failure", time);
        try (Slices<Postgres> slices = own.connect(Bench.newRun(), PostgresService.DATABASE, settings)) {
            Slice<Postgres> slice = slices.create(1);
            var tenant = new Tenant("FailedTest.fails");
            Postgres postgres = slice.handOut(tenant);
            Connection leaked = postgres.connection();
            try (Statement statement = leaked.createStatement()) {
                statement.execute("CREATE TABLE thing AS SELECT 'seen' AS name");
            }
            String description = slice.keep().orElseThrow();
            Matcher command = COMMAND.matcher(description);
            assertThat(command.matches()).as(description).isTrue();
            tenant.end();
            slice.leave();
            return new Kept(
                    description,
                    Path.of(command.group(2)),
                    command.group(6),
                    leaked,
                    postgres.password().reveal());
        }
    }

    private static Map<String, String> few() {
        return Map.of("isolated.postgres.connections", "3");
    }

    private List<String> leftovers() {
        try (Slices<Postgres> sweeper = own.connect(Bench.newRun(), Map.of())) {
            return sweeper.leftovers().stream().map(Leftover::describe).toList();
        }
    }
}
