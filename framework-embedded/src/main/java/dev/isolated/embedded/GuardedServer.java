package dev.isolated.embedded;

import dev.isolated.spi.Hold;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A server process in a directory of its own, under a shell that stops the server and removes the directory as soon as
 * this JVM is gone, however it went. Thread-safe.
 */
final class GuardedServer implements Hold {

    private static final Duration STOP = Duration.ofSeconds(10);
    private static final int LOG_LINES = 20;
    private static final String GUARD = "guard.sh";

    private final Process guard;
    private final RunDirectory directory;
    private final Deque<String> log = new ArrayDeque<>();
    private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
    private volatile boolean closing;

    private GuardedServer(Process guard, RunDirectory directory) {
        this.guard = guard;
        this.directory = directory;
    }

    /** Copies a data directory, starts the server on it and waits until its log says that it is ready. */
    static GuardedServer start(
            Path parent, Path template, Account account, List<String> command, String readyLine, Duration timeout)
            throws IOException {
        String script = script();
        RunDirectory directory = RunDirectory.create(parent);
        var line = new ArrayList<>(List.of("/bin/sh", "-c", script, GUARD));
        line.addAll(List.of(directory.path().toString(), template.toString(), account.owner()));
        line.addAll(account.command(command));
        var server = new GuardedServer(guard(parent, line, directory), directory);
        server.readLog(readyLine);
        server.awaitReady(timeout);
        return server;
    }

    private static Process guard(Path parent, List<String> line, RunDirectory directory) throws IOException {
        try {
            return new ProcessBuilder(line)
                    .directory(parent.toFile())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            directory.close();
            throw e;
        }
    }

    /** Why the server is known to be gone; empty while it runs. */
    @Override
    public Optional<String> death() {
        if (guard.isAlive()) {
            return Optional.empty();
        }
        return Optional.of((closing ? "it was stopped" : "its process ended with status " + guard.exitValue())
                + "; its last words: " + lastWords());
    }

    /** Stops the server and waits until its directory is gone. */
    @Override
    public void release() {
        closing = true;
        try {
            guard.getOutputStream().close();
            if (!guard.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.LOGGER.log(
                        System.Logger.Level.WARNING, "the server in {0} does not stop; it is killed", directory.path());
                guard.descendants().forEach(ProcessHandle::destroyForcibly);
                guard.destroyForcibly();
            }
            directory.close();
        } catch (IOException e) {
            Log.LOGGER.log(
                    System.Logger.Level.WARNING, "{0} could not be removed: {1}", directory.path(), e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void awaitReady(Duration timeout) throws IOException {
        try {
            if (!ready.get(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                throw failed("the server ended while it was starting: " + lastWords(), null);
            }
        } catch (TimeoutException | ExecutionException e) {
            throw failed("the server was not ready after " + timeout.toMillis() + " ms: " + lastWords(), e);
        } catch (InterruptedException e) {
            IOException failure = failed("interrupted while the server was starting", e);
            // Not before: closing waits, which an interrupted thread cannot.
            Thread.currentThread().interrupt();
            throw failure;
        }
    }

    private IOException failed(String message, @Nullable Exception cause) {
        release();
        return new IOException(message, cause);
    }

    private void readLog(String readyLine) {
        var reader = new Thread(
                () -> {
                    try (var lines =
                            new BufferedReader(new InputStreamReader(guard.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                            keep(line);
                            if (line.contains(readyLine)) {
                                ready.complete(true);
                            }
                        }
                    } catch (IOException e) {
                        keep("the log ended: " + e.getMessage());
                    }
                    ready.complete(false);
                },
                "isolated-server-log");
        reader.setDaemon(true);
        reader.start();
    }

    private void keep(String line) {
        synchronized (log) {
            if (log.size() == LOG_LINES) {
                log.removeFirst();
            }
            log.addLast(line);
        }
    }

    private String lastWords() {
        synchronized (log) {
            return log.isEmpty() ? "none" : String.join("\n", log);
        }
    }

    private static String script() throws IOException {
        try (InputStream in = GuardedServer.class.getResourceAsStream(GUARD)) {
            if (in == null) {
                throw new IOException("the resource " + GUARD + " is missing from the jar of framework-embedded");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
