package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.contract.Bench;
import dev.isolated.contract.Together;
import dev.isolated.postgres.Postgres;
import dev.isolated.postgres.PostgresService;
import dev.isolated.spi.Slices;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Runs that make and remove schemas at the same time, in a database that each role needs a right to. */
@ExtendWith(OwnServers.class)
class SchemaCrowdTest {

    private static final int RUNS = 4;
    private static final int SCHEMAS = 40;

    @Test
    void noneKeepsAnotherFromIt(OwnServer own) throws Exception {
        own.run("REVOKE CONNECT, TEMPORARY ON DATABASE postgres FROM PUBLIC");
        try {
            Together.run(RUNS, run -> {
                Map<String, String> few =
                        Map.of("isolated.environments.max", "1", "isolated.postgres.connections", "2");
                try (Slices<Postgres> slices = own.connect(Bench.newRun(), PostgresService.SCHEMA, few)) {
                    for (int i = 1; i <= SCHEMAS; i++) {
                        slices.create(i).destroy();
                    }
                }
            });
            assertThat(left(own)).isEqualTo("0");
        } finally {
            own.run("GRANT CONNECT, TEMPORARY ON DATABASE postgres TO PUBLIC");
        }
    }

    private static String left(OwnServer own) throws SQLException {
        return own.list("SELECT count(*) FROM pg_roles WHERE rolname ~ '^isolated_[0-9a-f]{8}_s'")
                .get(0);
    }
}
