package dev.isolated.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A JVM of its own, with this one's java and class path, that marks how far it has got.
 *
 * @param started when it was asked for; what the operating system notes of a process is too coarse
 * @param output everything that it said
 */
record Child(Instant started, String output) {

    /** Runs a main class to its end, with these system properties. */
    static Child run(Class<?> main, Map<String, String> properties, String... arguments)
            throws IOException, InterruptedException {
        var builder = builder(main, properties, arguments).redirectErrorStream(true);
        Instant started = Instant.now();
        Process process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new BenchmarkFailure(main.getName() + " ended with " + process.exitValue() + ": " + output);
        }
        return new Child(started, output);
    }

    /** What starts a main class in such a JVM. */
    static ProcessBuilder builder(Class<?> main, Map<String, String> properties, String... arguments) {
        var line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        properties.forEach((name, value) -> line.add("-D" + name + "=" + value));
        line.add(main.getName());
        line.addAll(List.of(arguments));
        return new ProcessBuilder(line);
    }

    double millis(String mark) {
        return Marks.millis(output, mark, started);
    }

    /** From one mark to another. */
    double millis(String from, String to) {
        return millis(to) - millis(from);
    }
}
