package dev.isolated.embedded;

import dev.isolated.embedded.front.Front;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
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

    static final String NAME = "classes.jsa";

    private static final Duration LIMIT = Duration.ofMinutes(1);

    private FrontArchive() {}

    /** The archive, made by whoever comes first; none where this JVM makes none, without which a start takes longer. */
    static Optional<Path> made(Path gathered, List<String> front, Account account) throws IOException {
        String jvm = Integer.toHexString((System.getProperty("java.home") + Runtime.version()).hashCode());
        Path directory = Once.directory(gathered.resolve("archive-" + jvm), half -> make(half, front, account));
        Path archive = directory.resolve(NAME);
        return Files.exists(archive) ? Optional.of(archive) : Optional.empty();
    }

    private static void make(Path directory, List<String> front, Account account) throws IOException {
        Path scratch = Files.createDirectories(directory.resolve("scratch"));
        // Where root has a strict umask, somebody else is to come through.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process process = started(scratch, front, account);
        CompletableFuture<Void> limiter = CompletableFuture.runAsync(
                process::destroyForcibly, CompletableFuture.delayedExecutor(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        limiter.cancel(false);
        if (Files.isRegularFile(scratch.resolve(NAME), LinkOption.NOFOLLOW_LINKS)) {
            // A copy is this JVM's own, so nobody else can change it; no link of somebody else's is followed or copied.
            Files.copy(scratch.resolve(NAME), directory.resolve(NAME), LinkOption.NOFOLLOW_LINKS);
        } else {
            Log.LOGGER.log(
                    System.Logger.Level.DEBUG, "no archive of the front's classes, its starts take longer: {0}", said);
        }
        Once.delete(scratch);
        Programs.run(new ProcessBuilder("chmod", "-R", "a+rX", directory.toString()), "chmod");
    }

    /** A front in an empty directory that ends in the orderly way in which a JVM writes its archive, or with this JVM. */
    static Process started(Path scratch, List<String> front, Account account) throws IOException {
        account.own(Files.writeString(scratch.resolve("password"), "nobody comes"));
        account.own(scratch);
        var line = new ArrayList<>(front);
        line.add(1, "-XX:ArchiveClassesAtExit=" + NAME);
        line.addAll(List.of("0", Front.ONCE));
        return new ProcessBuilder(account.command(line))
                .directory(scratch.toFile())
                .redirectErrorStream(true)
                .start();
    }
}
