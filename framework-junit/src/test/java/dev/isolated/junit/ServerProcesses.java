package dev.isolated.junit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** The processes of servers that work below a directory of a test's own, where nobody else's servers are. */
record ServerProcesses(Path directory) {

    /** Lets servers, which run as somebody else where root runs the tests, reach the directory. */
    static ServerProcesses in(Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        return new ServerProcesses(directory.toRealPath());
    }

    /** Has servers run there, and end with the run. */
    Map<String, String> settings() {
        return Map.of("isolated.embedded.directory", directory.toString(), "isolated.embedded.warm", "off");
    }

    List<ProcessHandle> running() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .command()
                        .filter(it -> it.endsWith("/postgres"))
                        .isPresent())
                .filter(this::worksBelow)
                .toList();
    }

    /** Whether any server was begun there; its directory or its lock file is made before anything else. */
    boolean begun() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.anyMatch(file -> file.getFileName().toString().startsWith("postgres-"));
        }
    }

    private boolean worksBelow(ProcessHandle process) {
        Path works = Path.of("/proc", Long.toString(process.pid()), "cwd");
        try {
            return Files.readSymbolicLink(works).startsWith(directory);
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
            return false;
        }
    }

    static void killAndWait(ProcessHandle process) {
        process.destroyForcibly();
        try {
            process.onExit().get(10, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("process " + process.pid() + " does not die", e);
        }
    }
}
