package dev.isolated.container;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The engine of this JVM, looked for until it is found. Works without Testcontainers, as far as saying so. Thread-safe. */
final class Docker {

    static final String MISSING =
            "Testcontainers is not on the class path; add org.testcontainers:testcontainers with scope test";

    private static final String NEEDED = "org.testcontainers.dockerclient.DockerClientProviderStrategy";
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static @Nullable CompletableFuture<Engine> search;

    private Docker() {}

    /** Whether Testcontainers, without which there is nothing here, can be loaded. */
    static boolean loadable() {
        try {
            Class.forName(NEEDED, false, Docker.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** The engine, waiting a bounded time for its answer. */
    static Engine engine() throws IOException {
        try {
            return found().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException reason
                    ? reason
                    : new IOException(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "it takes connections, but has not answered within " + PATIENCE.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for its answer", e);
        }
    }

    /** One search for all who ask while it goes on; one that has failed is repeated. */
    private static synchronized CompletableFuture<Engine> found() {
        CompletableFuture<Engine> known = search;
        if (known != null && !known.isCompletedExceptionally()) {
            return known;
        }
        var begun = new CompletableFuture<Engine>();
        search = begun;
        var thread = new Thread(
                () -> {
                    try {
                        begun.complete(new EngineSearch().find());
                    } catch (IOException | RuntimeException | LinkageError e) {
                        begun.completeExceptionally(e);
                    }
                },
                "isolated-docker-search");
        thread.setDaemon(true);
        thread.start();
        return begun;
    }
}
