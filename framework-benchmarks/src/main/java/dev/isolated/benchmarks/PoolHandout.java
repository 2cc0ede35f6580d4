package dev.isolated.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** What the pool alone costs, measured by JMH in alternating forks. */
final class PoolHandout implements Benchmark {

    @Override
    public String name() {
        return "pool-handout";
    }

    @Override
    public String description() {
        return "a slice leased and given back, in memory; against HikariCP and against java.util.concurrent's fair queue";
    }

    @Override
    public void run(Effort effort, Report report) throws Exception {
        for (int threads : new int[] {1, 8}) {
            for (String reference : new String[] {"hikari", "queue"}) {
                report.result(new Duel(0, effort.of(5, 1))
                        .between(() -> nanos(reference, threads, effort), () -> nanos("pool", threads, effort))
                        .verdict(name() + "-" + reference + "-" + threads, Unit.NANOS, it -> it));
            }
        }
    }

    /** Nanoseconds that one thread waits for one lease and its return, in a fork of its own. */
    private static double nanos(String method, int threads, Effort effort) throws Exception {
        Options options = new OptionsBuilder()
                .include(PoolHandoutJmh.class.getName().replace(".", "\\.") + "\\." + method + "$")
                .threads(threads)
                .forks(1)
                .warmupIterations(effort.of(2, 1))
                .warmupTime(TimeValue.milliseconds(effort.of(500, 100)))
                .measurementIterations(effort.of(3, 1))
                .measurementTime(TimeValue.milliseconds(effort.of(500, 100)))
                .timeUnit(TimeUnit.NANOSECONDS)
                .verbosity(VerboseMode.SILENT)
                .build();
        return new Runner(options).runSingle().getPrimaryResult().getScore();
    }
}
