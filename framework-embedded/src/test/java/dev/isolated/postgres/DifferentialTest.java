package dev.isolated.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.environment.IsolatedEnvironment;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random programs of JDBC calls do the same on a bare connection and in a sandbox. */
class DifferentialTest {

    private static final int PROGRAMS = Integer.getInteger("isolated.differential.programs", 300);
    private static final String MODE = "preferQueryMode=";
    private static final int STEPS = 25;
    private static final int IDS = 12;

    @ParameterizedTest
    @ValueSource(strings = {"extended", "simple"})
    void programsDoTheSameInASandboxAsOnABareConnection(String mode) throws SQLException {
        long firstSeed = Long.getLong("isolated.differential.seed", System.nanoTime());
        for (long seed = firstSeed; seed < firstSeed + PROGRAMS; seed++) {
            try (IsolatedEnvironment environment = Sandboxes.open("program " + seed)) {
                Postgres postgres = environment.get(Postgres.class);
                List<String> production;
                try (Connection bare = Sandboxes.bare(postgres, MODE + mode)) {
                    production = onBare(new Program(seed, bare), bare);
                }
                try (Connection sandboxed = Sandboxes.byUrl(postgres, "&" + MODE + mode)) {
                    assertThat(new Program(seed, sandboxed).run())
                            .as("%s program with seed %d", mode, seed)
                            .isEqualTo(production);
                }
            }
        }
    }

    private static List<String> onBare(Program program, Connection bare) throws SQLException {
        try {
            return program.run();
        } finally {
            Sql.run(bare, "drop table thing");
        }
    }

    private static final class Program {

        private final Random random;
        private final Connection connection;
        private final List<Savepoint> savepoints = new ArrayList<>();
        private final List<String> seen = new ArrayList<>();

        Program(long seed, Connection connection) {
            random = new Random(seed);
            this.connection = connection;
        }

        List<String> run() throws SQLException {
            Sql.run(connection, Sql.TABLE);
            for (int step = 0; step < STEPS; step++) {
                try {
                    seen.add(step());
                } catch (SQLException e) {
                    seen.add(e.getSQLState());
                }
            }
            Sql.run(connection, "rollback");
            seen.add("finally " + Sql.ids(connection));
            Sql.run(connection, "rollback");
            connection.setAutoCommit(true);
            return seen;
        }

        private String step() throws SQLException {
            return switch (random.nextInt(14)) {
                case 0 -> autocommit(random.nextBoolean());
                case 1, 2, 3 -> update("insert into thing values (" + id() + ")");
                case 4 -> update("insert into thing values (" + id() + "); insert into thing values (" + id() + ")");
                case 5 -> update("update thing set id = id + 1 where id >= " + id());
                case 6 -> update("delete from thing where id = " + id());
                case 7 -> "rows " + Sql.ids(connection);
                case 8 -> batch();
                case 9 -> savepoint();
                case 10 -> backToSavepoint();
                case 11 -> commit();
                case 12 -> rollback();
                default -> update(text());
            };
        }

        private String text() {
            List<String> texts = List.of(
                    "begin",
                    "commit",
                    "rollback",
                    "commit and chain",
                    "rollback and chain",
                    "begin read only",
                    "savepoint t",
                    "rollback to savepoint t",
                    "release t",
                    "select 1/0",
                    "begin; insert into thing values (" + id() + "); commit",
                    "insert into thing values (" + id() + "); rollback; insert into thing values (" + id() + ")",
                    "deallocate all",
                    "set transaction read only",
                    "lock table thing",
                    "declare c cursor for select id from thing",
                    "fetch all from c",
                    "nonsense");
            return random.nextInt(3) == 0 ? several(texts) : texts.get(random.nextInt(texts.size()));
        }

        private String several(List<String> texts) {
            return random.ints(2 + random.nextInt(4), 0, texts.size())
                    .mapToObj(index ->
                            random.nextBoolean() ? "insert into thing values (" + id() + ")" : texts.get(index))
                    .collect(Collectors.joining("; "));
        }

        private String update(String sql) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                boolean rows = statement.execute(sql);
                String warning = statement.getWarnings() == null
                        ? ""
                        : " " + statement.getWarnings().getSQLState();
                return sql + (rows ? ": rows" : ": count " + statement.getUpdateCount()) + warning;
            } catch (SQLException e) {
                return sql + ": " + e.getSQLState();
            }
        }

        private String batch() throws SQLException {
            try (var insert = connection.prepareStatement("insert into thing values (?, 'batch')")) {
                for (int i = 0; i < 3; i++) {
                    insert.setInt(1, id());
                    insert.addBatch();
                }
                return "batch " + insert.executeBatch().length;
            }
        }

        private String autocommit(boolean on) throws SQLException {
            connection.setAutoCommit(on);
            return "autocommit " + on;
        }

        private String savepoint() throws SQLException {
            savepoints.add(connection.setSavepoint());
            return "savepoint";
        }

        private String backToSavepoint() throws SQLException {
            if (savepoints.isEmpty()) {
                return "none";
            }
            connection.rollback(savepoints.remove(savepoints.size() - 1));
            return "back";
        }

        private String commit() throws SQLException {
            connection.commit();
            return "committed";
        }

        private String rollback() throws SQLException {
            connection.rollback();
            return "rolled back";
        }

        private int id() {
            return random.nextInt(IDS);
        }
    }
}
