package dev.isolated.benchmarks;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.postgres.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** How many databases a second the library's workers make ready, against a bare loop of CREATE DATABASE. */
final class CloneRate implements Benchmark {

    private static final int CONNECTIONS = 1;
    private static final int THREADS = 4;

    @Override
    public String name() {
        return "clone-rate";
    }

    @Override
    public String description() {
        return "databases made by the library's workers, with roles, and replaced after use; against bare CREATE, and DROP";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        int count = effort.of(100, 20);
        try (OwnPostgres own = OwnPostgres.start();
                Connection administrator = own.administrator();
                Environments kept = own.environments(THREADS, CONNECTIONS);
                var crowd = new Crowd(THREADS)) {
            OwnPostgres.awaitReady(kept, OwnPostgres.DATABASE, THREADS);
            report.result(new Duel(1, effort.of(10, 2))
                    .between(() -> bare(administrator, count, false), () -> filled(own, count))
                    .verdict(name(), Unit.PER_SECOND, it -> it));
            report.result(new Duel(1, effort.of(10, 2))
                    .between(() -> bare(administrator, count, true), () -> replaced(kept, crowd, count))
                    .verdict(name() + "-replaced", Unit.PER_SECOND, it -> it));
            crowd.requireNoFailure(report);
        }
    }

    /** Databases a second of one session; whether those are dropped within the time. */
    private static double bare(Connection administrator, int count, boolean dropped) throws SQLException {
        try (Statement statement = administrator.createStatement()) {
            String template = template(statement);
            long start = System.nanoTime();
            for (int i = 0; i < count; i++) {
                statement.execute("CREATE DATABASE bare_" + i + " TEMPLATE " + template);
                if (dropped) {
                    statement.execute("DROP DATABASE bare_" + i);
                }
            }
            double rate = count / ((System.nanoTime() - start) / 1e9);
            for (int i = 0; i < count; i++) {
                statement.execute("DROP DATABASE IF EXISTS bare_" + i);
            }
            return rate;
        }
    }

    private static String template(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery("SELECT datname FROM pg_database WHERE datname LIKE 'isolated_template_%'")) {
            row.next();
            return row.getString(1);
        }
    }

    /** Databases a second until a new pool is full. */
    private static double filled(OwnPostgres own, int count) throws Exception {
        try (Environments environments = own.environments(count, CONNECTIONS)) {
            long start = System.nanoTime();
            OwnPostgres.awaitReady(environments, OwnPostgres.DATABASE, count);
            return count / ((System.nanoTime() - start) / 1e9);
        }
    }

    /** Databases a second while tests write to each. */
    private static double replaced(Environments environments, Crowd crowd, int count) throws Exception {
        OwnPostgres.awaitReady(environments, OwnPostgres.DATABASE, THREADS);
        long start = System.nanoTime();
        crowd.seconds(count / THREADS, thread -> {
            try (IsolatedEnvironment environment = environments.open("benchmark", List.of(OwnPostgres.DATABASE));
                    Connection connection = environment.get(Postgres.class).connection()) {
                Sql.INSERT.execute(connection);
            }
        });
        OwnPostgres.awaitReady(environments, OwnPostgres.DATABASE, THREADS);
        return count / ((System.nanoTime() - start) / 1e9);
    }
}
