package dev.isolated.embedded;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Runs the small programs that set a server up. Thread-safe. */
final class Programs {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    /** How long the rest of the output may take when the program has ended; a child of it may hold the pipe for ever. */
    private static final Duration REST = Duration.ofSeconds(1);

    /** What a program reads. */
    interface Input {
        void writeTo(OutputStream stream) throws IOException;
    }

    /** A program has ended with a failure of its own. */
    static final class FailedException extends IOException {

        private static final long serialVersionUID = 1L;

        FailedException(String message, @Nullable IOException cause) {
            super(message, cause);
        }
    }

    private Programs() {}

    /** Where a program is, by the way the system looks for it. */
    static Optional<String> onPath(String program) {
        return allOnPath(program, System.getenv().getOrDefault("PATH", ""))
                .map(Path::toString)
                .findFirst();
    }

    /** All of that name on a path, the first in front. */
    static Stream<Path> allOnPath(String program, String path) {
        return Stream.of(path.split(":"))
                .map(directory -> Path.of(directory, program))
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file));
    }

    /** What goes before a command line so that a terminal's interrupt, meant for a build, does not reach the command. */
    static List<String> inSessionOfItsOwn() {
        return onPath("setsid").map(List::of).orElse(List.of());
    }

    /** Runs a program to its end; fails with what it said where it fails. */
    static void run(ProcessBuilder builder, String name) throws IOException {
        run(builder, name, LIMIT, stream -> {});
    }

    /** Runs a program that reads an input. */
    static void run(ProcessBuilder builder, String name, Input input) throws IOException {
        run(builder, name, LIMIT, input);
    }

    /** What a program says that runs to its end; fails with it where the program fails. */
    static String said(ProcessBuilder builder, String name) throws IOException {
        return run(builder, name, LIMIT, stream -> {});
    }

    static String run(ProcessBuilder builder, String name, Duration limit, Input input) throws IOException {
        Process process = builder.redirectErrorStream(true).start();
        var said = new ByteArrayOutputStream();
        Thread reader = reading(process, said);
        var late = new AtomicBoolean();
        // A program that has stopped reading blocks whoever feeds it, so the limit needs a thread of its own.
        CompletableFuture<Void> limiter = CompletableFuture.runAsync(
                () -> {
                    late.set(true);
                    kill(process);
                },
                CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS, Runnable::run));
        try {
            IOException unfed = feed(process, input);
            int status = process.waitFor();
            limiter.cancel(false);
            reader.join(REST.toMillis());
            String words = said.toString(StandardCharsets.UTF_8).strip();
            if (late.get()) {
                throw new IOException(name + " did not end within " + limit.toMillis() + " ms; it said: " + words);
            }
            if (status != 0) {
                throw new FailedException(name + " failed with status " + status + ": " + words, unfed);
            }
            if (unfed != null) {
                throw unfed;
            }
            return words;
        } catch (InterruptedException e) {
            kill(process);
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + name + " was running", e);
        } finally {
            limiter.cancel(false);
        }
    }

    /** A program that dies breaks the pipe, but what it said itself is the better reason, so the failure is only kept. */
    private static @Nullable IOException feed(Process process, Input input) {
        try (OutputStream stream = process.getOutputStream()) {
            input.writeTo(stream);
            return null;
        } catch (IOException e) {
            return e;
        }
    }

    private static Thread reading(Process process, ByteArrayOutputStream said) {
        var reader = new Thread(
                () -> {
                    try {
                        process.getInputStream().transferTo(said);
                    } catch (IOException e) {
                        said.writeBytes(("\nits output ended: " + e.getMessage()).getBytes(StandardCharsets.UTF_8));
                    }
                },
                "isolated-program-output");
        reader.setDaemon(true);
        reader.start();
        return reader;
    }

    /** The program before its children, of whose ends a shell would tell; its streams are left to whoever may be writing. */
    private static void kill(Process process) {
        List<ProcessHandle> children = process.descendants().toList();
        process.toHandle().destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
    }
}
