package dev.isolated.environment;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.ServiceUnavailableException;
import dev.isolated.lease.Pool;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slices;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * One service in one mode: its pool, opened in the background by whoever asks first. A failure to open it is final for
 * the run, so that the next thousand tests learn it at once. Thread-safe.
 */
final class Station<H> {

    private final Service<H> service;
    private final Servers servers;
    private final Runnable warmUp;
    private final Plan plan;
    private final Supplier<MeterRegistry> registry;
    private final CompletableFuture<Pool<H>> pool = new CompletableFuture<>();
    private boolean opening;

    Station(Service<H> service, Servers servers, Runnable warmUp, Plan plan, Supplier<MeterRegistry> registry) {
        this.service = service;
        this.servers = servers;
        this.warmUp = warmUp;
        this.plan = plan;
        this.registry = registry;
    }

    /** Begins to open the pool, unless that has begun. */
    synchronized Station<H> open() {
        if (!opening) {
            opening = true;
            background("isolated-open-", this::openNow);
            background("isolated-warm-up-", warmUp);
        }
        return this;
    }

    /** The open pool, waiting for it. */
    Pool<H> pool() {
        Duration limit = plan.settings().get(Keys.START_TIMEOUT);
        try {
            return open().pool.get(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IsolationException reason ? reason : failed(String.valueOf(e.getCause()), e);
        } catch (TimeoutException e) {
            throw failed("that it is still starting after " + limit.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed("that the waiting thread was interrupted", e);
        }
    }

    private IsolationException failed(String found, Exception cause) {
        return new IsolationException(
                Explanation.couldNot("start " + service.name())
                        .expected("a server and its first slices")
                        .found(found)
                        .next("see the cause and the log; " + Keys.START_TIMEOUT + " bounds the wait"),
                cause);
    }

    /** The pool if it was ever asked for and could be opened; waits for an opening that is under way. */
    synchronized Optional<Pool<H>> opened() {
        if (!opening) {
            return Optional.empty();
        }
        return pool.handle((it, failure) -> Optional.ofNullable(it)).join();
    }

    /** Closes the pool, waiting for an opening that is under way; from then on it cannot be opened. */
    synchronized void close(IsolationException reason) {
        if (opening) {
            opened().ifPresent(Pool::close);
        } else {
            opening = true;
            pool.completeExceptionally(reason);
        }
    }

    private void background(String name, Runnable task) {
        var thread = new Thread(task, name + service.name());
        thread.setDaemon(true);
        thread.start();
    }

    private void openNow() {
        try {
            Server running = servers.of(service);
            Pool<H> opened = pool(running, service.connect(running, plan));
            servers.line(service).ifPresent(line -> Log.LOGGER.log(System.Logger.Level.INFO, line));
            pool.complete(opened);
        } catch (RuntimeException | Error e) {
            if (e instanceof ServiceUnavailableException) {
                Log.LOGGER.log(System.Logger.Level.WARNING, e.getMessage());
            }
            pool.completeExceptionally(e);
        }
    }

    private Pool<H> pool(Server running, Slices<H> slices) {
        try {
            return new Pool<>(running, slices, plan, registry.get(), System::nanoTime);
        } catch (RuntimeException e) {
            slices.close();
            throw e;
        }
    }
}
