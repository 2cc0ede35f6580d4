package dev.isolated.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a host and its server live. The name says what runs there and which JVM began it: {@code postgres-1f2e3d4c-4711-1}.
 * Immutable.
 */
record HostDirectory(Path path) {

    private static final Path WORKPLACE = Path.of("/proc/self/cwd");
    private static final Pattern NAME = Pattern.compile("[a-z]+-[0-9a-f]{8}-(\\d{1,18})-\\d+");
    /** What every Unix has room for, in bytes. */
    private static final int LONGEST_SOCKET = 103;

    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    /** A new one for what {@code key} stands for. */
    static HostDirectory create(Path parent, String key) throws IOException {
        while (true) {
            String name = key + "-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
            try {
                return new HostDirectory(Files.createDirectory(parent.resolve(name), PRIVATE));
            } catch (FileAlreadyExistsException e) {
                Log.LOGGER.log(System.Logger.Level.DEBUG, "{0} was left by a process that had our number", name);
            }
        }
    }

    /** All that are there for what {@code key} stands for: a recipe's, or a service's name for all of its recipes. */
    static List<HostDirectory> of(Path parent, String key) throws IOException {
        return list(parent, key + "-*");
    }

    /** All that are there. */
    static List<HostDirectory> all(Path parent) throws IOException {
        return list(parent, "*");
    }

    private static List<HostDirectory> list(Path parent, String glob) throws IOException {
        var found = new ArrayList<HostDirectory>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(parent, glob)) {
            for (Path path : paths) {
                if (NAME.matcher(path.getFileName().toString()).matches()) {
                    found.add(new HostDirectory(path));
                }
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return found;
    }

    String name() {
        return path.getFileName().toString();
    }

    /** The JVM that began it, while that lives. */
    Optional<ProcessHandle> founder() {
        Matcher name = NAME.matcher(name());
        return name.matches() ? ProcessHandle.of(Long.parseLong(name.group(1))) : Optional.empty();
    }

    /** A socket in the server's data directory; empty where its path is too long to be a socket's. */
    Optional<Path> socket(String name) {
        Path socket = path.resolve("data").resolve(name).toAbsolutePath();
        return socket.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_SOCKET
                ? Optional.empty()
                : Optional.of(socket);
    }

    /** Where those who use the server are known. */
    Path clients() {
        return path.resolve("clients");
    }

    /** What ends with the server's last process. */
    Path alive() {
        return path.resolve("alive");
    }

    /** By which the host says that it has taken note of a client. */
    Path joined(String client) {
        return path.resolve("joined." + client);
    }

    /** Where the server can be reached; there from when it is ready. */
    Path address() {
        return path.resolve("address");
    }

    boolean published() {
        return Files.exists(address());
    }

    /** Whether no process of a host is left here; false where the system does not say who works where. */
    boolean abandoned() {
        return Files.exists(WORKPLACE) && processes(false).isEmpty();
    }

    /** The processes that work in the directory itself, which are the host's, or below it, which are the server's. */
    List<ProcessHandle> processes(boolean below) {
        return ProcessHandle.allProcesses()
                .filter(process -> worksIn(process, below))
                .toList();
    }

    private boolean worksIn(ProcessHandle process, boolean below) {
        try {
            Path works = Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"));
            return below ? works.startsWith(path) && !works.equals(path) : works.equals(path);
        } catch (IOException e) {
            Log.LOGGER.log(System.Logger.Level.TRACE, "process {0} is none of ours or gone: {1}", process.pid(), e);
            return false;
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
