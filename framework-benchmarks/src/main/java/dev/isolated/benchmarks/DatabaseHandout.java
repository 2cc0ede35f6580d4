package dev.isolated.benchmarks;

import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.postgres.Postgres;
import dev.isolated.spi.Request;
import java.sql.Connection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/** How long a test waits for a database of its own, against a sandbox of the same pool's size. */
final class DatabaseHandout implements Benchmark {

    private static final int THREADS = 8;
    private static final int POOL = 200;
    private static final int CONNECTIONS = 1;

    @Override
    public String name() {
        return "database-handout";
    }

    @Override
    public String description() {
        return "8 threads that take a warm pool's 200 databases, and then 200 each, with SELECT 1 in each; against sandboxes";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        try (OwnPostgres own = OwnPostgres.start();
                Environments databases = own.environments(POOL, CONNECTIONS);
                Environments sandboxes = own.environments(THREADS, CONNECTIONS);
                var crowd = new Crowd(THREADS)) {
            var compared = new Compared(databases, sandboxes, crowd);
            compared.report(name(), POOL / THREADS, effort, report);
            compared.report(name() + "-sustained", effort.of(200, 25), effort, report);
            crowd.requireNoFailure(report);
        }
    }

    private record Compared(Environments databases, Environments sandboxes, Crowd crowd) {

        void report(String name, int times, Effort effort, Report report) throws Exception {
            var rounds = new Duel(1, effort.of(10, 1))
                    .between(
                            () -> waits(sandboxes, Request.of(Postgres.class), THREADS, times),
                            () -> waits(databases, OwnPostgres.DATABASE, POOL, times));
            report.result(rounds.verdict(name + "-p50", Unit.MICROS, it -> Verdict.percentile(it, 50)));
            report.result(rounds.verdict(name + "-p99", Unit.MICROS, it -> Verdict.percentile(it, 99)));
        }

        /** Microseconds for each hand-out of one round, which begins with a full pool. */
        private double[] waits(Environments environments, Request request, int pool, int times) throws Exception {
            OwnPostgres.awaitReady(environments, request, pool);
            var waits = new ConcurrentLinkedQueue<Double>();
            crowd.seconds(times, thread -> {
                long start = System.nanoTime();
                try (IsolatedEnvironment environment = environments.open("benchmark", List.of(request))) {
                    waits.add((System.nanoTime() - start) / 1e3);
                    try (Connection connection = environment.get(Postgres.class).connection()) {
                        Sql.SELECT.execute(connection);
                    }
                }
            });
            return waits.stream().mapToDouble(Double::doubleValue).toArray();
        }
    }
}
