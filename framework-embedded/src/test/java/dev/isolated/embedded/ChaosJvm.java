package dev.isolated.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A child JVM that runs {@link ChaosMain}, and what it says. Thread-safe. */
record ChaosJvm(Process process, List<String> said) {

    private static final Pattern DATABASE = Pattern.compile("isolated_([0-9a-f]{8})_\\d+");

    static ChaosJvm start(Path directory, String warm) throws IOException {
        Process process = ChildJvm.of(ChaosMain.class, directory.toString(), warm)
                .redirectErrorStream(true)
                .start();
        var jvm = new ChaosJvm(process, new CopyOnWriteArrayList<>());
        var reader = new Thread(jvm::listen, "chaos-jvm-" + process.pid());
        reader.setDaemon(true);
        reader.start();
        return jvm;
    }

    /** Whether it has used a slice. */
    boolean works() {
        return run().isPresent() || !process.isAlive();
    }

    /** The name of its run, which is in the names of its databases. */
    Optional<String> run() {
        return said.stream()
                .map(DATABASE::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .findFirst();
    }

    /** Has it end in an orderly way. */
    void finish() {
        try {
            process.getOutputStream().write('\n');
            process.getOutputStream().close();
        } catch (IOException e) {
            // It has ended before.
            process.destroyForcibly();
        }
    }

    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            // Thousands of environments in the same few databases: what was said before need not be kept again.
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!said.contains(line)) {
                    said.add(line);
                }
            }
        } catch (IOException e) {
            said.add("its output ended: " + e.getMessage());
        }
    }
}
