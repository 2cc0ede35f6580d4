package dev.isolated.postgres;

import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;

/**
 * Runs random programs on a bare server and in a sandbox, the same in each build. How many:
 * {@code isolated.differential.programs}; the first one's seed, for others: {@code isolated.differential.seed}. Each that
 * differs is named by its seed.
 */
final class Differential {

    static final int PROGRAMS = Integer.getInteger("isolated.differential.programs", 100);

    private static final int ENOUGH = 5;

    /** What it has seen, which is the same wherever it runs. */
    @FunctionalInterface
    interface Program {

        List<String> run(long seed, Route route, Postgres postgres) throws SQLException;
    }

    private final String options;
    private final Program program;
    private final String[] cleanUp;

    /** By database; each costs the server a process. */
    private final Map<String, Connection> cleaners = new HashMap<>();

    /**
     * @param options of the driver
     * @param cleanUp takes back what a program leaves on a bare server
     */
    Differential(String options, Program program, String... cleanUp) {
        this.options = options;
        this.program = program;
        this.cleanUp = cleanUp;
    }

    void compare(int programs) throws SQLException {
        compare(Long.getLong("isolated.differential.seed", 1), programs);
    }

    /** The programs of that seed and of those that follow it. */
    void compare(long first, int programs) throws SQLException {
        var differences = new SoftAssertions();
        try {
            for (long seed = first; seed < first + programs; seed++) {
                compare(seed, differences);
                if (differences.assertionErrorsCollected().size() >= ENOUGH) {
                    break;
                }
            }
        } finally {
            for (Connection cleaner : cleaners.values()) {
                cleaner.close();
            }
        }
        differences.assertAll();
    }

    private void compare(long seed, SoftAssertions differences) throws SQLException {
        String name = "program with seed " + seed + " and " + options;
        try (IsolatedEnvironment environment = Sandboxes.open(name)) {
            Postgres postgres = environment.get(Postgres.class);
            List<String> production = onBareServer(seed, postgres);
            Route sandboxed = () -> Sandboxes.byUrl(postgres, "&" + options);
            differences
                    .assertThat(program.run(seed, sandboxed, postgres))
                    .as(name)
                    .isEqualTo(production);
        } catch (RuntimeException e) {
            differences.fail(name + " breaks", e);
        }
    }

    private List<String> onBareServer(long seed, Postgres postgres) throws SQLException {
        try {
            return program.run(seed, () -> Sandboxes.bare(postgres, options), postgres);
        } finally {
            Sql.run(cleaner(postgres), cleanUp);
        }
    }

    private Connection cleaner(Postgres postgres) throws SQLException {
        String database = Sandboxes.login(postgres).database();
        Connection kept = cleaners.get(database);
        if (kept == null) {
            kept = Sandboxes.bare(postgres);
            cleaners.put(database, kept);
        }
        return kept;
    }
}
