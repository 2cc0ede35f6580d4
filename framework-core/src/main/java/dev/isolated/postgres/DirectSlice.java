package dev.isolated.postgres;

import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A slice whose tenant connects to the server itself, and which is made anew, off the tests' way, when that has gone. */
abstract class DirectSlice implements Slice<Postgres> {

    private final int connections;
    private @Nullable DirectAccess access;

    /** For tenants who may have that many connections. */
    DirectSlice(int connections) {
        this.connections = connections;
    }

    /** By which the next tenant comes in. */
    abstract Login login();

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
