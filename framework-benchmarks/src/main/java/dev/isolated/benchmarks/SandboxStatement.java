package dev.isolated.benchmarks;

import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** What the sandbox adds to a statement, against the same statement on a bare pgjdbc connection to the same database. */
final class SandboxStatement implements Benchmark {

    private static final int IN_TRANSACTION = 10;
    private static final int TIMES = 50;
    /**
     * More threads than cores keep them all busy. With one thread, time depends most of all on whether the scheduler has put
     * client and server on the same core, and changes by a factor of three.
     */
    private static final int CROWD = 2 * Runtime.getRuntime().availableProcessors();

    @Override
    public String name() {
        return "sandbox-statement";
    }

    @Override
    public String description() {
        return "a statement in the sandbox, in autocommit and in transactions of ten; against bare pgjdbc";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (var arena = Arena.connected(CROWD);
                var crowd = new Crowd(CROWD)) {
            for (Work work : Work.values()) {
                report.result(verdict(name() + "-" + work.label + "-autocommit", work, 1, arena, crowd, effort));
                report.result(
                        verdict(name() + "-" + work.label + "-explicit", work, IN_TRANSACTION, arena, crowd, effort));
            }
            crowd.requireNoFailure(report);
            arena.requireClean(report);
        }
    }

    /** @param together how many statements a transaction has; one is autocommit */
    private static Verdict verdict(String name, Work work, int together, Arena arena, Crowd crowd, Effort effort)
            throws Exception {
        return new Duel(effort.of(500, 4), effort.of(150, 8))
                .between(() -> bare(arena, crowd, work, together), () -> sandboxed(arena, crowd, work, together))
                .verdict(name, Unit.MICROS, it -> it);
    }

    private static double bare(Arena arena, Crowd crowd, Work work, int together) throws Exception {
        List<Connection> connections =
                IntStream.range(0, CROWD).mapToObj(arena::bare).toList();
        double micros = micros(connections, crowd, work, together);
        for (Connection connection : connections) {
            connection.setAutoCommit(true);
            try (Statement statement = connection.createStatement()) {
                statement.execute("truncate measured");
            }
        }
        return micros;
    }

    private static double sandboxed(Arena arena, Crowd crowd, Work work, int together) throws Exception {
        var open = new ArrayDeque<IsolatedEnvironment>();
        try {
            List<Connection> connections = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                open.push(arena.open());
                connections.add(open.element().get(Postgres.class).connection());
            }
            double micros = micros(connections, crowd, work, together);
            for (Connection connection : connections) {
                connection.close();
            }
            return micros;
        } finally {
            open.forEach(IsolatedEnvironment::close);
        }
    }

    /** Microseconds for each statement, with its share of the commits; the first ones, which prepare it, do not count. */
    private static double micros(List<Connection> connections, Crowd crowd, Work work, int together) throws Exception {
        List<PreparedStatement> prepared = new ArrayList<>();
        for (Connection connection : connections) {
            connection.setAutoCommit(together == 1);
            PreparedStatement statement = connection.prepareStatement(work.text);
            work.run(statement, IN_TRANSACTION, together, 0);
            prepared.add(statement);
        }
        double seconds = crowd.seconds(1, thread -> work.run(prepared.get(thread), TIMES, together, IN_TRANSACTION));
        for (PreparedStatement statement : prepared) {
            statement.close();
        }
        return seconds * 1e6 / TIMES / connections.size();
    }

    /** A statement that finds nothing to do but to be executed, and one that writes. */
    private enum Work {
        SELECT("select", "select note from measured where id = ?"),
        INSERT("insert", "insert into measured values (?, 'one')");

        private final String label;
        private final String text;

        Work(String label, String text) {
            this.label = label;
            this.text = text;
        }

        /** Executes it so often, from that number on. */
        private void run(PreparedStatement statement, int times, int together, int first) throws SQLException {
            for (int i = 1; i <= times; i++) {
                statement.setInt(1, first + i);
                execute(statement);
                if (together > 1 && i % together == 0) {
                    statement.getConnection().commit();
                }
            }
        }

        private void execute(PreparedStatement statement) throws SQLException {
            if (this == INSERT) {
                statement.executeUpdate();
            } else {
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                }
            }
        }
    }
}
