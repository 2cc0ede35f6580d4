package dev.isolated.embedded;

import dev.isolated.embedded.front.Front;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The front's classes as its JVM has them in memory, which saves a start a fifth of its work: made once for each JVM, by a
 * front that is started for it and ends at once. Stateless.
 */
final class FrontArchive {

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private FrontArchive() {}

    /** The archive, made by whoever comes first; none where this JVM makes none, without which a start takes longer. */
    static Optional<Path> made(Path gathered, List<String> front) throws IOException {
        String jvm = Integer.toHexString((System.getProperty("java.home") + Runtime.version()).hashCode());
        Path directory = Once.directory(gathered.resolve("archive-" + jvm), half -> make(half, front));
        Path archive = directory.resolve("classes.jsa");
        return Files.exists(archive) ? Optional.of(archive) : Optional.empty();
    }

    private static void make(Path directory, List<String> front) throws IOException {
        Path scratch = Files.createDirectories(directory.resolve("scratch"));
        Files.writeString(scratch.resolve("password"), "nobody comes");
        var line = new ArrayList<>(front);
        line.add(1, "-XX:ArchiveClassesAtExit=../classes.jsa");
        line.add("0");
        Process process = new ProcessBuilder(line)
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .start();
        CompletableFuture<Void> limiter = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        String said = saidUntilReady(process);
        limiter.cancel(false);
        if (!Files.exists(directory.resolve("classes.jsa"))) {
            Log.LOGGER.log(
                    System.Logger.Level.DEBUG, "no archive of the front's classes, its starts take longer: {0}", said);
        }
        Once.delete(scratch);
        Programs.run(new ProcessBuilder("chmod", "-R", "a+rX", directory.toString()), "chmod");
    }

    /** Has it end in the orderly way in which a JVM writes its archive. */
    private static String saidUntilReady(Process process) throws IOException {
        var said = new StringBuilder();
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                said.append(line).append('\n');
                if (line.equals(Front.READY)) {
                    // The other way to end it closes the output that is being read.
                    process.toHandle().destroy();
                }
            }
        }
        return said.toString();
    }
}
