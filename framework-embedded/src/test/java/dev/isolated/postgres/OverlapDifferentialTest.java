package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.error.IsolationException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random transactions of several connections of one thread do the same in a sandbox as on bare connections, or are refused. What
 * would wait in production has to be refused.
 */
@Tag("long")
@ExtendWith(Sandboxes.class)
class OverlapDifferentialTest {

    private static final String WAITS = "55P03";
    private static final String REFUSED = "0A000";
    private static final String USELESS = "08006";

    private static final String[] TABLES = {
        Sql.TABLE,
        "create table part (id int primary key, thing int references thing)",
        "create table plain (n int)",
        "create table other (n int)",
        "create table log (n int)",
        "insert into thing select i, 'n' from generate_series(1, 4) i",
        "insert into plain values (1)",
        "insert into other values (1)"
    };

    /** Goes ahead of locks, because of one that was there before and of a transaction without a write the server tells nothing. */
    private static final String WRITES = "insert into log values (1); ";

    private static final List<String> CONTENTS = List.of(
            "table thing order by 1", "table part order by 1", "table plain order by 1", "table other order by 1");

    /** A text, and which of the connections says it. */
    private record Step(int connection, String sql) {}

    @ParameterizedTest
    @ValueSource(strings = {"preferQueryMode=extended", "preferQueryMode=simple"})
    void case07OverlappingTransactionsDoTheSameOrAreRefused(String mode) throws SQLException {
        var differences = new SoftAssertions();
        long first = Long.getLong("isolated.differential.seed", 1);
        int whole = 0;
        for (long seed = first; seed < first + Differential.PROGRAMS / 2; seed++) {
            whole += compare(seed, mode, differences) ? 1 : 0;
        }
        differences.assertAll();
        assertThat(whole).as("programs of which nothing was refused").isPositive();
    }

    /** Whether nothing was refused. */
    private static boolean compare(long seed, String mode, SoftAssertions differences) throws SQLException {
        List<Step> program = program(new Random(seed));
        var environment = Sandboxes.open("overlaps of seed " + seed);
        Postgres postgres = environment.get(Postgres.class);
        List<String> bare = onBareConnections(program, mode, postgres);
        List<String> sandboxed;
        try {
            sandboxed = outcomes(program, () -> Sandboxes.byUrl(postgres, "&" + mode));
        } finally {
            end(environment);
        }
        for (int i = 0; i < sandboxed.size(); i++) {
            if (refused(sandboxed.get(i))) {
                return false;
            }
            String production = i < bare.size() ? bare.get(i) : "";
            if (!sandboxed.get(i).equals(production)) {
                differences
                        .assertThat(sandboxed.subList(0, i + 1))
                        .as("seed " + seed + ", " + mode)
                        .isEqualTo(bare.subList(0, Math.min(i + 1, bare.size())));
                return false;
            }
        }
        return true;
    }

    private static boolean refused(String outcome) {
        return outcome.contains(REFUSED) || outcome.contains(USELESS);
    }

    private static List<String> onBareConnections(List<Step> program, String mode, Postgres postgres)
            throws SQLException {
        String options = mode + "&options=-c%20lock_timeout=30ms";
        try {
            return outcomes(program, () -> Sandboxes.bare(postgres, options));
        } finally {
            try (Connection cleaner = Sandboxes.bare(postgres)) {
                Sql.run(cleaner, "drop table part, thing, plain, other, log");
            }
        }
    }

    /** Of the texts, each on one of three connections, up to the first that would wait or is refused. */
    private static List<String> outcomes(List<Step> program, Route route) throws SQLException {
        try (Connection one = route.open();
                Connection other = route.open();
                Connection third = route.open()) {
            Sql.run(one, TABLES);
            List<Connection> connections = List.of(one, other, third);
            var seen = new ArrayList<String>();
            for (Step step : program) {
                String outcome = step + ": " + Outcome.of(connections.get(step.connection()), step.sql());
                seen.add(outcome);
                if (outcome.contains(WAITS) || refused(outcome)) {
                    break;
                }
            }
            return seen;
        }
    }

    /** A sandbox that finds out too late that it could not represent something is of no further use, and says so. */
    private static void end(IsolatedEnvironment environment) {
        try {
            environment.close();
        } catch (IsolationException e) {
            assertThat(e).hasStackTraceContaining("use @Isolated(mode = \"DATABASE\") for this test");
        }
    }

    private static List<Step> program(Random random) {
        var steps = new ArrayList<Step>();
        for (int round = 0; round < 3; round++) {
            int outer = random.nextInt(2);
            some(random, steps, random.nextInt(2), 2);
            steps.add(new Step(outer, "begin"));
            some(random, steps, outer, 2);
            transaction(random, steps, 1 - outer);
            some(random, steps, outer, 2);
            transaction(random, steps, 1 - outer);
            steps.add(new Step(outer, random.nextInt(4) == 0 ? "rollback" : "commit"));
        }
        CONTENTS.forEach(sql -> steps.add(new Step(0, sql)));
        return steps;
    }

    private static void transaction(Random random, List<Step> steps, int connection) {
        boolean begins = random.nextBoolean();
        if (begins) {
            steps.add(new Step(connection, "begin"));
        }
        some(random, steps, connection, 2);
        if (random.nextInt(4) == 0) {
            some(random, steps, 2, 1);
        }
        some(random, steps, connection, 1);
        if (begins) {
            steps.add(new Step(connection, random.nextInt(3) == 0 ? "rollback" : "commit"));
        }
    }

    private static void some(Random random, List<Step> steps, int connection, int most) {
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            String sql = statement(random);
            steps.add(new Step(connection, random.nextInt(5) == 0 ? sql + "; " + statement(random) : sql));
        }
    }

    private static String statement(Random random) {
        int id = 1 + random.nextInt(5);
        String table = random.nextBoolean() ? "plain" : "other";
        return switch (random.nextInt(18)) {
            case 0 -> "select name from thing where id = " + id;
            case 1 -> "table thing order by 1";
            case 2 -> "insert into thing values (" + id + ", 'i')";
            case 3 -> "insert into thing values (" + id + ", 'c') on conflict (id) do nothing";
            case 4 -> "update thing set name = name || 'u' where id = " + id;
            case 5 -> "update thing set id = id + 10 where id = " + id;
            case 6 -> "delete from thing where id = " + id;
            case 7 -> "insert into part values (" + id + ", " + (1 + random.nextInt(5)) + ")";
            case 8 -> "delete from part where id = " + id;
            case 9 -> WRITES + "select id from thing where id = " + id + " for update";
            case 10 -> "select id from thing where ctid = '(0," + id + ")'";
            case 11 -> "select count(*) from part";
            case 12 -> WRITES + "select id from part where id = " + id + " for share";
            case 13 -> "insert into thing values (" + id + ") on conflict (id) do update set name = 'd'";
            case 14, 15 -> "update " + table + " set n = n + 1";
            default -> "select n from " + table;
        };
    }
}
