package dev.isolated.environment;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.ServiceUnavailableException;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import dev.isolated.spi.ServerSource;
import dev.isolated.spi.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** The servers of a run: one for each service, from the first source that can provide it. Thread-safe. */
final class Servers {

    private static final String AUTO = "auto";

    private final List<ServerSource> sources;
    private final Settings settings;
    private final Map<String, CompletableFuture<Found>> found = new ConcurrentHashMap<>();
    private volatile boolean ended;

    /** A server, and how it was come by. */
    private record Found(ServerSource source, Server server, String reason, long nanos, AtomicBoolean told) {

        Optional<String> line() {
            return told.getAndSet(true)
                    ? Optional.empty()
                    : Optional.of(server.describe() + ": ready in " + nanos / 1_000_000 + " ms; " + reason);
        }
    }

    Servers(List<ServerSource> sources, Settings settings) {
        this.sources = sources;
        this.settings = settings;
    }

    /** The running server of a service, started by whoever asks first; services do not wait for each other. */
    Server of(Service<?> service) {
        return foundFor(service).server;
    }

    /** A server that one test has for itself, from the source of the others' server. */
    Server own(Service<?> service, List<String> options) {
        return foundFor(service).source.startOwn(service, settings, options);
    }

    private Found foundFor(Service<?> service) {
        var own = new CompletableFuture<Found>();
        CompletableFuture<Found> known = found.putIfAbsent(service.name(), own);
        if (known == null) {
            try {
                own.complete(find(service));
            } catch (RuntimeException | Error e) {
                own.completeExceptionally(e);
            }
            known = own;
        }
        try {
            return known.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof IsolationException reason ? reason : e;
        }
    }

    /** Takes the server of a service if one runs already where it would be started otherwise, and says whether it does. */
    boolean takeRunning(Service<?> service) {
        long start = System.nanoTime();
        String wanted = settings.get(Keys.source(service.name()));
        var refusals = new ArrayList<String>();
        Optional<Found> running = able(service, wanted, refusals)
                .flatMap(source -> source.running(service, settings)
                        .map(server -> found(source, server, wanted, refusals, start)));
        running.ifPresent(it -> {
            if (found.putIfAbsent(service.name(), CompletableFuture.completedFuture(it)) != null || ended) {
                it.server.close();
            }
        });
        return running.isPresent();
    }

    /** Which source a server came from, why, and how long that took; told to the first who asks. */
    Optional<String> line(Service<?> service) {
        return got(service.name()).flatMap(it -> it.line().stream()).findFirst();
    }

    /** All that were started, or are to be let go of; none is taken from now on. */
    Collection<Server> end() {
        ended = true;
        return found.keySet().stream().flatMap(this::got).map(Found::server).toList();
    }

    private Stream<Found> got(String service) {
        CompletableFuture<Found> it = found.get(service);
        return it == null || !it.isDone() || it.isCompletedExceptionally() ? Stream.empty() : Stream.of(it.join());
    }

    private Found find(Service<?> service) {
        long start = System.nanoTime();
        String wanted = settings.get(Keys.source(service.name()));
        requireKnown(service.name(), wanted);
        var refusals = new ArrayList<String>();
        ServerSource source =
                able(service, wanted, refusals).orElseThrow(() -> unavailable(service.name(), wanted, refusals));
        return found(source, source.start(service, settings), wanted, refusals, start);
    }

    private static Found found(ServerSource source, Server server, String wanted, List<String> refusals, long start) {
        String reason = reason(server, wanted, refusals);
        return new Found(source, server, reason, System.nanoTime() - start, new AtomicBoolean());
    }

    /** The first source that can provide a service; why those before it cannot is added to {@code refusals}. */
    private Optional<ServerSource> able(Service<?> service, String wanted, List<String> refusals) {
        for (ServerSource source : sources) {
            if (wanted.equals(AUTO) || wanted.equals(source.name())) {
                Optional<String> refusal = source.refusal(service, settings);
                if (refusal.isEmpty()) {
                    return Optional.of(source);
                }
                refusals.add(source.name() + ": " + refusal.get());
            }
        }
        return Optional.empty();
    }

    /** A source that is mistyped is not one that is absent. */
    private void requireKnown(String service, String wanted) {
        List<String> known = sources.stream().map(ServerSource::name).toList();
        if (!wanted.equals(AUTO) && !known.contains(wanted)) {
            throw new SettingsException(Explanation.couldNot("use the setting " + Keys.source(service))
                    .expected(AUTO + " or a source on the class path, one of " + known)
                    .found("\"" + wanted + "\"")
                    .next("correct it, or add the module that has this source"));
        }
    }

    private static String reason(Server server, String wanted, List<String> refusals) {
        if (!wanted.equals(AUTO)) {
            return Keys.source(server.service()) + " asks for " + server.source();
        }
        return server.source() + " is the first source that can provide it"
                + (refusals.isEmpty() ? "" : " (" + String.join("; ", refusals) + ")");
    }

    private ServiceUnavailableException unavailable(String service, String wanted, List<String> refusals) {
        String known = sources.stream().map(ServerSource::name).toList().toString();
        return new ServiceUnavailableException(Explanation.couldNot("provide a " + service + " server")
                .expected("one of the sources on the class path, " + known + ", to provide it"
                        + (wanted.equals(AUTO) ? "" : ", and " + Keys.source(service) + " forces \"" + wanted + "\""))
                .found(refusals.isEmpty() ? "none that was asked" : String.join("; ", refusals))
                .next("do what one of these reasons names, or add framework-embedded to the test class path"));
    }
}
