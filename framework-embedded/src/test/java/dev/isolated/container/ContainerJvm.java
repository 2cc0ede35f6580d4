package dev.isolated.container;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A JVM that runs {@link ContainerMain}. */
final class ContainerJvm implements AutoCloseable {

    private final Process process;

    private ContainerJvm(Process process) {
        this.process = process;
    }

    static ContainerJvm start(Path directory, String reuse, Duration idle) throws IOException {
        return start(directory, reuse, idle, System.getProperty("java.class.path"), Map.of());
    }

    static ContainerJvm start(
            Path directory, String reuse, Duration idle, String classPath, Map<String, String> environment)
            throws IOException {
        var builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                ContainerMain.class.getName(),
                directory.toString(),
                reuse,
                idle.toString()));
        builder.environment().putAll(environment);
        return new ContainerJvm(builder.redirectErrorStream(true).start());
    }

    /** The class path without what has one of these words in its path. */
    static String classPathWithout(String... words) {
        return Arrays.stream(System.getProperty("java.class.path").split(":", -1))
                .filter(entry -> Arrays.stream(words).noneMatch(entry::contains))
                .collect(Collectors.joining(":"));
    }

    /** The id of its container. */
    String container() throws IOException {
        return line(ContainerMain.READY);
    }

    String refusal() throws IOException {
        return line(ContainerMain.REFUSED);
    }

    private String line(String beginning) throws IOException {
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        var said = new StringBuilder();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(beginning)) {
                return line.substring(beginning.length());
            }
            said.append(line).append('\n');
        }
        throw new AssertionError("the JVM ended without a line that begins with \"" + beginning + "\": " + said);
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Lets it come to its end; its exit status. */
    int end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        return process.waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
