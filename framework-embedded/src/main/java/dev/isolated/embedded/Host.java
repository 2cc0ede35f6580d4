package dev.isolated.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A host that this JVM has just begun, and its server, until both are known to others: a shell that outlives the JVM if
 * that {@linkplain #dismiss dismisses} it, and takes everything with it if not. Used by one thread.
 */
final class Host {

    /** Hosts of another script have other servers. */
    static final int VERSION = 3;

    private static final Duration STOP = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(1);
    private static final String SCRIPT = "host.sh";
    private static final String ENDED = "the server ended with status";

    /**
     * For how long a server stays without a client, and what becomes of its log then. Immutable.
     *
     * @param log {@code keep} or {@code drop}
     */
    record Stay(Duration idle, String log) {

        /** Of a server that is one client's alone. */
        static final Stay NONE = new Stay(Duration.ZERO, "drop");

        static Stay after(Duration idle) {
            return new Stay(idle, "keep");
        }
    }

    private final Process shell;
    private final HostDirectory directory;
    private final ServerLog log;

    private Host(Process shell, HostDirectory directory, ServerLog log) {
        this.shell = shell;
        this.directory = directory;
        this.log = log;
    }

    static Host begin(
            HostDirectory directory, Path template, Account account, Stay stay, ServerLog log, List<String> command)
            throws IOException {
        var line = new ArrayList<>(Programs.inSessionOfItsOwn());
        line.addAll(List.of("/bin/sh", "-c", script(), "isolated-host"));
        line.addAll(List.of(directory.toString(), template.toString(), account.owner()));
        line.addAll(List.of(Long.toString(stay.idle().toSeconds()), log.file().toString(), stay.log()));
        line.addAll(account.command(command));
        var output = Redirect.appendTo(log.file().toFile());
        try {
            Process shell = new ProcessBuilder(line)
                    .directory(directory.path().toFile())
                    .redirectOutput(output)
                    .redirectError(output)
                    .start();
            return new Host(shell, directory, log);
        } catch (IOException e) {
            Once.delete(directory.path());
            throw e;
        }
    }

    /** Waits until the server says that it is ready. */
    void awaitReady(String ready, Duration timeout) throws IOException {
        long limit = System.nanoTime() + timeout.toNanos();
        while (!log.contains(ready)) {
            if (!shell.isAlive() || log.contains(ENDED)) {
                throw new EndedEarlyException(log.lastWords());
            }
            if (System.nanoTime() > limit) {
                throw new IOException(
                        "the server was not ready after " + timeout.toMillis() + " ms: " + log.lastWords());
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new IOException("interrupted while the server was starting");
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    /** Lets others find the server, and the host live on without this JVM; which is its first client. */
    Client dismiss(Address address) throws IOException {
        Client client = Client.announced(directory, log);
        address.publish(directory);
        try (OutputStream input = shell.getOutputStream()) {
            input.write("started\n".getBytes(StandardCharsets.US_ASCII));
        }
        if (!client.awaitWelcome()) {
            throw new IOException("the host of the server ended when that was ready: " + log.lastWords());
        }
        return client;
    }

    /** Stops the host with its server and waits until the directory is gone. */
    void stop() throws IOException {
        // An interrupt has done what it was for when it comes to this; the wait would not outlast it.
        boolean interrupted = Thread.interrupted();
        try {
            shell.getOutputStream().close();
            if (!shell.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS)) {
                Log.LOGGER.log(System.Logger.Level.WARNING, "the host in {0} does not stop; it is killed", directory);
                shell.descendants().forEach(ProcessHandle::destroyForcibly);
                shell.destroyForcibly();
            }
            Once.delete(directory.path());
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static String script() throws IOException {
        try (InputStream in = Host.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new IOException("the resource " + SCRIPT + " is missing from the jar of framework-embedded");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
