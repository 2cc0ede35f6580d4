package dev.isolated.lease;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.LeaseTimeoutException;
import dev.isolated.error.SettingsException;
import dev.isolated.settings.Keys;
import dev.isolated.spi.Server;
import java.time.Duration;
import java.util.Collection;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a pool explains why it could not do something. Immutable. */
record PoolMessages(Server server, int most, Duration patience) {

    SettingsException tooLarge(int capacity) {
        return new SettingsException(Explanation.couldNot("open a pool of " + most + " slices on " + server.describe())
                .expected(Keys.ENVIRONMENTS_MAX + " to be at most " + capacity + ", what the server can hold")
                .found(Keys.ENVIRONMENTS_MAX + " = " + most)
                .next("lower it, choose a smaller profile, or give the server more room"));
    }

    LeaseTimeoutException timedOut(
            String holder, PoolStatus status, Collection<String> holders, @Nullable Throwable lastFailure) {
        return new LeaseTimeoutException(
                lease(holder)
                        .expected("one of " + most + " within " + patience.toMillis() + " ms")
                        .found(status.leased() + " leased, " + status.ready() + " ready, "
                                + (status.size() - status.ready() - status.leased()) + " being prepared, "
                                + status.waiting() + " more waiting; held by: "
                                + (holders.isEmpty()
                                        ? "nobody"
                                        : holders.stream().collect(Collectors.joining("; "))))
                        .next("close what is held too long, or raise " + Keys.ENVIRONMENTS_MAX + " or "
                                + Keys.LEASE_TIMEOUT),
                lastFailure);
    }

    LeaseTimeoutException interrupted(String holder, InterruptedException cause) {
        return new LeaseTimeoutException(
                lease(holder)
                        .expected("to wait up to " + patience)
                        .found("that the waiting thread was interrupted")
                        .next("find out who interrupts the test, for instance its own time limit"),
                cause);
    }

    /** What a waiter is told in its own name, and with its own stack. */
    IsolationException inVain(String holder, @Nullable Throwable reason) {
        return new IsolationException(
                lease(holder)
                        .expected("one to be created")
                        .found("this failure: " + (reason == null ? "unknown" : reason.getMessage()))
                        .next("see the cause; the next test tries again"),
                reason);
    }

    IsolationException dead(String holder, String reason, @Nullable Throwable lastFailure) {
        return new IsolationException(
                lease(holder)
                        .expected(server.describe() + " to be running")
                        .found(reason)
                        .next("see the server's log for why it ended"),
                lastFailure);
    }

    IsolationException closed(String holder) {
        return new IsolationException(lease(holder)
                .expected("an open pool")
                .found("that the run has ended and its pools are closed")
                .next("open environments only while the tests run"));
    }

    IsolationException failed(String task, Throwable cause) {
        String what = cause instanceof IsolationException ? String.valueOf(cause.getMessage()) : cause.toString();
        String death = server.hold()
                .death()
                .map(reason -> "; the server is gone: " + reason)
                .orElse("");
        return new IsolationException(
                Explanation.couldNot(task)
                        .found(what + death)
                        .next("see the cause; the slice is replaced and other tests go on"),
                cause);
    }

    private Explanation lease(String holder) {
        return Explanation.couldNot("lease a slice of " + server.service() + " for " + holder);
    }
}
