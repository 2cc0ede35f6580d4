package dev.isolated.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code java -jar benchmarks.jar [--brief] [NAME|all]}: lists the benchmarks, or runs one or all. */
public final class Main {

    private static final String BRIEF = "--brief";
    private static final String ALL = "all";
    private static final int UNKNOWN = 2;

    private Main() {}

    /** Every benchmark there is. */
    static List<Benchmark> benchmarks() {
        return List.of(
                new EnvironmentPostgres(),
                new SandboxStatement(),
                new ManyEnvironments(),
                new ColdStart(),
                new WarmStart(),
                new SuitePostgres(),
                new DatabaseHandout(),
                new CloneRate(),
                new EnvironmentRedis(),
                new EnvironmentPostgresRedis(),
                new LeaseRate(),
                new EnvironmentClickHouse(),
                new ClickHouseFront(),
                new ClickHouseStart(),
                new PoolHandout());
    }

    public static void main(String[] arguments) throws Exception {
        var names = new ArrayList<>(List.of(arguments));
        Effort effort = names.remove(BRIEF) ? Effort.BRIEF : Effort.FULL;
        if (names.isEmpty()) {
            list();
        } else if (names.equals(List.of(ALL))) {
            for (Benchmark benchmark : benchmarks()) {
                run(benchmark, effort);
            }
        } else {
            for (String name : names) {
                run(find(name), effort);
            }
        }
    }

    private static void list() {
        benchmarks().forEach(it -> System.out.printf("%-27s %s%n", it.name(), it.description()));
    }

    private static void run(Benchmark benchmark, Effort effort) throws Exception {
        System.out.println(benchmark.name() + ": " + benchmark.description());
        benchmark.run(effort, new Report(System.out));
    }

    private static Benchmark find(String name) {
        Optional<Benchmark> found =
                benchmarks().stream().filter(it -> it.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            System.err.println("There is no benchmark " + name + "; these are:");
            list();
            System.exit(UNKNOWN);
        }
        return found.orElseThrow();
    }
}
