package dev.isolated.benchmarks;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.environment.Catalog;
import dev.isolated.environment.Environments;
import dev.isolated.environment.IsolatedEnvironment;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A pool of environments with ClickHouse on a server of its own. Thread-safe. */
final class ClickHouseArena implements AutoCloseable {

    private static final Request CLICKHOUSE = Request.of(ClickHouse.class);
    private static final String FRONT = "dev.isolated.embedded.front.Front";

    private final ServersDirectory directory = ServersDirectory.create();
    private final Environments environments;

    ClickHouseArena(int warm) {
        var settings = new HashMap<>(Map.of(
                Keys.source("clickhouse").name(),
                BenchmarkSource.NAME,
                Keys.ENVIRONMENTS_MAX.name(),
                Integer.toString(2 * warm),
                Keys.LEASE_WARM.name(),
                Integer.toString(warm)));
        settings.putAll(directory.settings(false));
        environments = new Environments(Catalog.found(), Catalog.found().settings(settings, Map.of()));
    }

    IsolatedEnvironment open() {
        return environments.open("benchmark", List.of(CLICKHOUSE));
    }

    /** The process that the engine is in. */
    ProcessHandle process(ClickHouse handle) {
        String port = Integer.toString(handle.endpoint().getPort());
        return ProcessHandle.allProcesses()
                .filter(process -> arguments(process).anyMatch(FRONT::equals)
                        && arguments(process).anyMatch(port::equals))
                .findFirst()
                .orElseThrow(() -> new BenchmarkFailure("no process of the embedded ClickHouse at port " + port));
    }

    /** The file of the engine that it runs. */
    Path library(ClickHouse handle) {
        return arguments(process(handle))
                .filter(it -> it.endsWith("libchdb.so"))
                .map(Path::of)
                .findFirst()
                .orElseThrow(() -> new BenchmarkFailure("the embedded ClickHouse runs no libchdb.so"));
    }

    /** How much memory a process has, in megabytes. */
    static long resident(ProcessHandle process) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1_024)
                .findFirst()
                .orElseThrow(() -> new BenchmarkFailure("the system does not tell a process's memory"));
    }

    private static Stream<String> arguments(ProcessHandle process) {
        return process.info().arguments().stream().flatMap(Stream::of);
    }

    @Override
    public void close() {
        environments.close();
        directory.close();
    }
}
