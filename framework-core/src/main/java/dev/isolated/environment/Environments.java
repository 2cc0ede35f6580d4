package dev.isolated.environment;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.ServiceUnavailableException;
import dev.isolated.error.SettingsException;
import dev.isolated.lease.Lease;
import dev.isolated.lease.Pool;
import dev.isolated.lease.PoolStatus;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Request;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Opens environments, and owns the pools and servers beneath them: one for each run under one set of settings.
 * Thread-safe.
 */
public final class Environments implements AutoCloseable {

    private final Catalog catalog;
    private final Settings settings;
    private final Supplier<MeterRegistry> registry;
    private final Servers servers;
    private final Map<Request, String> keys = new ConcurrentHashMap<>();
    private final Map<String, Station<?>> stations = new ConcurrentSkipListMap<>();
    private final Set<String> warm = ConcurrentHashMap.newKeySet();
    private final LongAdder opened = new LongAdder();
    private final Map<String, LongAdder> missing = new ConcurrentSkipListMap<>();
    private boolean closed;

    /** Environments that report to Micrometer's global registry. */
    public Environments(Catalog catalog, Settings settings) {
        // Not asked for until the server starts: loading it takes longer than that should have to wait.
        this(catalog, settings, () -> Metrics.globalRegistry);
    }

    public Environments(Catalog catalog, Settings settings, MeterRegistry registry) {
        this(catalog, settings, () -> registry);
    }

    private Environments(Catalog catalog, Settings settings, Supplier<MeterRegistry> registry) {
        this.catalog = catalog;
        this.settings = settings;
        this.registry = registry;
        servers = new Servers(catalog.sources(), settings);
    }

    public Settings settings() {
        return settings;
    }

    /**
     * Does, on the calling thread, what can be done before it is certain what is needed: has the JVM load what it takes to
     * open what is likely to be, and opens the pools of servers that run already. Starts none.
     */
    public void warmUp(Collection<Request> likely) {
        Map<Service<?>, List<Request>> byService =
                likely.stream().collect(Collectors.groupingBy(request -> catalog.require(request.handle())));
        if (byService.isEmpty()) {
            return;
        }
        byService.keySet().forEach(this::warmUp);
        Pool.warmUp(settings);
        byService.forEach((service, requests) -> {
            if (servers.takeRunning(service)) {
                prepare(requests);
            }
        });
    }

    private void warmUp(Service<?> service) {
        if (warm.add(service.name())) {
            try {
                service.warmUp();
            } catch (Exception e) {
                // It will show again, and be told, when somebody really connects.
                Log.LOGGER.log(System.Logger.Level.DEBUG, "what " + service.name() + " needs is not loaded ahead", e);
            }
        }
    }

    /** Begins, in the background, to start what these requests need. */
    public void prepare(Collection<Request> requests) {
        requests.forEach(request -> station(request).open());
    }

    /**
     * Opens an environment with everything that is requested, or with nothing: a failure gives back what was already
     * leased. Leases are taken in one fixed order, so environments never wait for each other in a circle.
     */
    public IsolatedEnvironment open(String name, Collection<Request> requests) {
        prepare(requests);
        var environment = new IsolatedEnvironment(name, settings, this::key);
        try {
            inFixedOrder(requests).forEach((key, request) -> environment.add(key, request, lease(request, name)));
        } catch (RuntimeException | Error e) {
            environment.closeAfter(e);
            throw e;
        }
        opened.increment();
        return environment;
    }

    private Lease<?> lease(Request request, String name) {
        try {
            return station(request).pool().lease(name);
        } catch (ServiceUnavailableException e) {
            missing.computeIfAbsent(catalog.require(request.handle()).name(), service -> new LongAdder())
                    .increment();
            throw e;
        }
    }

    /** One request for each pool: asking for the default mode by its name is asking for the same lease. */
    private Map<String, Request> inFixedOrder(Collection<Request> requests) {
        var ordered = new TreeMap<String, Request>();
        requests.forEach(request -> ordered.putIfAbsent(key(request), request));
        return ordered;
    }

    /** How the pool behind a request stands; empty while nobody has asked for it. */
    public Optional<PoolStatus> status(Request request) {
        return station(request).opened().map(Pool::status);
    }

    /** Closes all pools and stops the servers that this run has started. */
    @Override
    public void close() {
        synchronized (stations) {
            if (closed) {
                return;
            }
            closed = true;
        }
        String summary = summary();
        RuntimeException failure = null;
        for (Station<?> station : stations.values()) {
            failure = attempt(() -> station.close(runHasEnded()), failure);
        }
        for (Server server : servers.end()) {
            failure = attempt(server::close, failure);
        }
        if (!missing.isEmpty()) {
            Log.LOGGER.log(System.Logger.Level.WARNING, summary);
        } else if (opened.sum() > 0) {
            Log.LOGGER.log(System.Logger.Level.INFO, summary);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private static @Nullable RuntimeException attempt(Runnable end, @Nullable RuntimeException before) {
        try {
            end.run();
            return before;
        } catch (RuntimeException e) {
            if (before == null) {
                return e;
            }
            before.addSuppressed(e);
            return before;
        }
    }

    /** The run in one line. */
    public String summary() {
        Stream<String> pools = stations.values().stream()
                .flatMap(station -> station.opened().stream())
                .map(Pool::summary);
        Stream<String> absent = missing.entrySet().stream()
                .map(it -> it.getValue() + " could not be opened because there is no " + it.getKey());
        return Stream.of(Stream.of(opened.sum() + " environments"), pools, absent)
                .flatMap(parts -> parts)
                .collect(Collectors.joining("; "));
    }

    private Station<?> station(Request request) {
        String key = key(request);
        Station<?> known = stations.get(key);
        return known == null ? station(key, catalog.require(request.handle()), request) : known;
    }

    private Station<?> station(String key, Service<?> service, Request request) {
        synchronized (stations) {
            if (closed) {
                throw runHasEnded();
            }
            return stations.computeIfAbsent(key, it -> station(service, request));
        }
    }

    private <H> Station<H> station(Service<H> service, Request request) {
        var plan = new Plan(
                mode(service, request),
                bases(service, request),
                settings,
                newRun(),
                options -> servers.own(service, options));
        return new Station<>(service, servers, () -> warmUp(service), plan, registry);
    }

    /** Two pools of one server, in two modes, are two runs to it. */
    private static String newRun() {
        return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
    }

    private static IsolationException runHasEnded() {
        return new IsolationException(Explanation.couldNot("open an environment")
                .expected("a run that goes on")
                .found("that it has ended and its servers are stopped")
                .next("open environments only while the tests run"));
    }

    /** What is the same for all requests that the same pool serves; looked up again and again for each test. */
    private String key(Request request) {
        return keys.computeIfAbsent(request, this::newKey);
    }

    private String newKey(Request request) {
        Service<?> service = catalog.require(request.handle());
        return Stream.concat(
                        Stream.of(service.name(), mode(service, request)),
                        bases(service, request).stream().map(Class::getName))
                .collect(Collectors.joining(":"));
    }

    private String mode(Service<?> service, Request request) {
        String mode = request.mode().isEmpty()
                ? settings.get(Keys.mode(service.name(), service.modes())).toUpperCase(Locale.ROOT)
                : request.mode();
        if (!service.modes().contains(mode)) {
            throw new SettingsException(Explanation.couldNot("isolate " + service.name() + " by " + mode)
                    .expected("one of its modes " + service.modes())
                    .found(mode)
                    .next("choose one of these"));
        }
        return mode;
    }

    private static List<Class<?>> bases(Service<?> service, Request request) {
        if (!request.bases().isEmpty() && !service.takesBases()) {
            throw new SettingsException(Explanation.couldNot("start " + service.name() + " from " + request.bases())
                    .expected("a service whose slices can start from a base")
                    .found("that those of " + service.name() + " cannot")
                    .next("prepare what the test needs in the test, or in @BeforeEach"));
        }
        return request.bases();
    }
}
