package dev.isolated.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** What runs have left whose JVM and guard were both killed, and its removal. Thread-safe. */
final class Leftovers {

    private static final String PID_FILE = "data/postmaster.pid";
    private static final int START_LINE = 2;
    private static final Duration START_TOLERANCE = Duration.ofSeconds(2);
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

    private Leftovers() {}

    /** Removes what can be removed; what cannot is logged, so that it keeps no later start from its work. */
    static void sweep(Path parent, Predicate<Path> own) throws IOException {
        try (DirectoryStream<Path> lockFiles =
                Files.newDirectoryStream(parent, RunDirectory.PREFIX + "*" + RunDirectory.LOCK)) {
            for (Path lockFile : lockFiles) {
                if (!own.test(lockFile)) {
                    sweepAt(lockFile);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void sweepAt(Path lockFile) {
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                String name = lockFile.getFileName().toString();
                remove(lockFile.resolveSibling(name.substring(0, name.length() - RunDirectory.LOCK.length())));
                Files.deleteIfExists(lockFile);
            }
        } catch (NoSuchFileException | OverlappingFileLockException e) {
            Log.LOGGER.log(System.Logger.Level.TRACE, "{0} is somebody else's business", lockFile);
        } catch (IOException e) {
            Log.LOGGER.log(
                    System.Logger.Level.WARNING,
                    "what a killed run left beside {0} could not be removed, a later start tries again: {1}",
                    lockFile,
                    e);
        }
    }

    private static void remove(Path directory) throws IOException {
        Path pidFile = directory.resolve(PID_FILE);
        if (Files.exists(pidFile)) {
            serverOf(directory, Files.readAllLines(pidFile, StandardCharsets.ISO_8859_1))
                    .ifPresent(ProcessHandle::destroyForcibly);
        }
        Once.delete(directory);
    }

    /** The process with the number in the file; only if it is that server, because numbers are used again. */
    private static Optional<ProcessHandle> serverOf(Path directory, List<String> pidFile) {
        return number(pidFile, 0)
                .flatMap(ProcessHandle::of)
                .filter(process -> process.info()
                        .command()
                        .filter(it -> it.endsWith("postgres"))
                        .isPresent())
                .filter(process -> worksIn(process, directory).orElseGet(() -> startedAt(process, pidFile)));
    }

    /** Whether a process works in a directory or below it (Postgres moves to its data); empty where no system says so. */
    private static Optional<Boolean> worksIn(ProcessHandle process, Path directory) {
        if (!Files.exists(Path.of("/proc/self/cwd"))) {
            return Optional.empty();
        }
        try {
            Path works = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
            return Optional.of(works.startsWith(directory.toRealPath()));
        } catch (IOException e) {
            Log.LOGGER.log(
                    System.Logger.Level.DEBUG, "process {0} is none of ours or gone: {1}", process.pid(), e.toString());
            return Optional.of(false);
        }
    }

    /** Whether a process started when the server that wrote the file did. */
    static boolean startedAt(ProcessHandle process, List<String> pidFile) {
        Optional<Instant> written = number(pidFile, START_LINE).map(Instant::ofEpochSecond);
        Optional<Instant> started = process.info().startInstant();
        return written.isPresent()
                && started.isPresent()
                && Duration.between(written.get(), started.get()).abs().compareTo(START_TOLERANCE) <= 0;
    }

    /** A server that is killed while it writes its file leaves it empty or cut off. */
    private static Optional<Long> number(List<String> lines, int index) {
        return lines.stream()
                .skip(index)
                .findFirst()
                .map(String::strip)
                .filter(NUMBER.asMatchPredicate())
                .map(Long::valueOf)
                .filter(it -> it > 0);
    }
}
