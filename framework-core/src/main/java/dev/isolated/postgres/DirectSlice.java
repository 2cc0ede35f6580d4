package dev.isolated.postgres;

import dev.isolated.spi.Evidence;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A slice whose tenant connects to the server itself, and which is made anew, off the tests' way, when that has gone. */
abstract class DirectSlice implements Slice<Postgres> {

    private final int connections;
    private final int evidenceRows;
    private @Nullable DirectAccess access;

    /**
     * For tenants who may have that many connections.
     *
     * @param evidenceRows how many rows of a table are told when a test has failed
     */
    DirectSlice(int connections, int evidenceRows) {
        this.connections = connections;
        this.evidenceRows = evidenceRows;
    }

    /** By which the next tenant comes in. */
    abstract Login login();

    /** What the test has to itself. */
    abstract Scope scope();

    /** What it is called on the server. */
    abstract String name();

    /** Ends what the last tenant's clients have left of their sessions, and gets ready for the next. */
    abstract void renew(DirectConnections ended);

    @Override
    public final Postgres handOut(Tenant tenant) {
        var opened = DirectAccess.of(tenant, login(), connections);
        access = opened;
        return opened.handle();
    }

    /** The connections of who has the slice now. */
    final DirectConnections leased() {
        return Objects.requireNonNull(access, "nobody has leased this slice").connections();
    }

    @Override
    public List<Evidence> evidence() {
        var evidence = new ArrayList<>(new DirectEvidence(login().server(), scope(), evidenceRows).gather());
        evidence.add(new Evidence("connections", leased().describe()));
        return evidence.stream().map(it -> it.without(login().password())).toList();
    }

    @Override
    public final Optional<Predicate<String>> ownLogLines() {
        DirectConnections connected = leased();
        String name = name();
        return Optional.of(line -> connected.logged(line) || line.contains(name));
    }

    @Override
    public final void reset() {
        if (access != null) {
            access.cutOff();
        }
    }

    @Override
    public final void awaitReset() {
        DirectAccess ended = access;
        if (ended != null) {
            access = null;
            renew(ended.connections());
        }
    }
}
