package dev.isolated.environment;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.SettingsException;
import dev.isolated.lease.Lease;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Request;
import dev.isolated.spi.Tenant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** All leases of one test. Handles may be used by any thread until it is closed; one thread opens and closes it. */
public final class IsolatedEnvironment implements AutoCloseable {

    private record Held(String key, Request request, Lease<?> lease) {

        /** Tells which of the environment's services is spoken of. */
        Evidence titled(Evidence evidence) {
            return evidence.of(key.replace(':', ' '));
        }
    }

    private final Tenant tenant;
    private final Settings settings;
    private final Function<Request, String> keys;
    private final Deque<Held> held = new ArrayDeque<>();

    IsolatedEnvironment(String name, Settings settings, Function<Request, String> keys) {
        tenant = new Tenant(name);
        this.settings = settings;
        this.keys = keys;
    }

    /** The test's name. */
    public String name() {
        return tenant.name();
    }

    /** The handle of a service that this environment was opened with; where it holds several, the one of no special mode. */
    public <H> H get(Class<H> handle) {
        List<Held> able =
                held.stream().filter(it -> it.request.handle() == handle).toList();
        return handle.cast(get(able.size() == 1 ? able.get(0).request : Request.of(handle)));
    }

    /** The handle that was requested so. */
    public Object get(Request request) {
        tenant.verify();
        String key = keys.apply(request);
        return held.stream()
                .filter(it -> it.key.equals(key))
                .findFirst()
                .map(it -> (Object) it.lease.handle())
                .orElseThrow(() -> new SettingsException(
                        Explanation.couldNot("find " + request.describe() + " in the environment of " + name())
                                .expected("one of " + contents())
                                .found("that it was not opened with it")
                                .next("declare it as a parameter or an @Isolated field of the test")));
    }

    /** What can be told of what the test has done, for the report of its failure; nothing where the settings do not want it. */
    public List<Evidence> evidence() {
        if (settings.get(Keys.EVIDENCE).equals(Keys.OFF)) {
            return List.of();
        }
        return held.stream()
                .flatMap(it -> it.lease.evidence().stream().map(it::titled))
                .toList();
    }

    /** Keeps what the test has done where the settings want it, beyond its end; how to get at it, for each service. */
    public List<Evidence> keep() {
        return held.stream()
                .flatMap(it -> it.lease.keep().stream().map(how -> it.titled(new Evidence("kept", how))))
                .toList();
    }

    /** Makes what is there now the state that {@link #rewind} goes back to, in every service. */
    public void mark() {
        held.forEach(it -> it.lease.mark());
    }

    /** Undoes in every service what the named test has done since {@link #mark()}. Each is, whatever happens to the others. */
    public void rewind(String test) {
        IsolationException failure = null;
        for (Held it : held) {
            try {
                failure = leftOpen(test, it.lease.rewind(), failure);
            } catch (IsolationException e) {
                failure = joined(failure, e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Ends all leases, the newest first. Every one is ended, whatever happens to the others. */
    @Override
    public void close() {
        IsolationException failure = release();
        if (failure != null) {
            throw failure;
        }
    }

    void add(String key, Request request, Lease<?> lease) {
        held.push(new Held(key, request, lease));
    }

    /** Gives everything back because opening has failed. */
    void closeAfter(Throwable reason) {
        IsolationException failure = release();
        if (failure != null) {
            reason.addSuppressed(failure);
        }
    }

    private @Nullable IsolationException release() {
        tenant.end();
        IsolationException failure = null;
        while (!held.isEmpty()) {
            Lease<?> lease = held.pop().lease;
            try {
                lease.close();
            } catch (IsolationException e) {
                failure = joined(failure, e);
            }
            failure = leftOpen(name(), lease.findings(), failure);
        }
        return failure;
    }

    private @Nullable IsolationException leftOpen(
            String test, List<String> findings, @Nullable IsolationException failure) {
        if (findings.isEmpty()) {
            return failure;
        }
        var leak = new IsolationException(Explanation.couldNot("end " + test + " cleanly")
                .expected("everything that it opened to be closed")
                .found(String.join("; ", findings))
                .next("close these where they are opened, with try-with-resources"));
        if (settings.get(Keys.LEAKS).equals(Keys.FAIL)) {
            return joined(failure, leak);
        }
        Log.LOGGER.log(System.Logger.Level.WARNING, leak.getMessage());
        return failure;
    }

    private static IsolationException joined(@Nullable IsolationException first, IsolationException next) {
        if (first == null) {
            return next;
        }
        first.addSuppressed(next);
        return first;
    }

    private String contents() {
        return held.stream().map(it -> it.request.describe()).collect(Collectors.joining(", ", "[", "]"));
    }

    @Override
    public String toString() {
        return "environment of " + name() + " " + contents();
    }
}
