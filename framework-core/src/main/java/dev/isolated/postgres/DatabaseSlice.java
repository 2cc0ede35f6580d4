package dev.isolated.postgres;

import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import org.jspecify.annotations.Nullable;

/** A slice in DATABASE mode: a database of its own for each test, the last one's only if nothing was written to it. */
final class DatabaseSlice implements Slice<Postgres> {

    private final Clones clones;
    private final PostgresSlices slices;
    private volatile Clone clone;
    private @Nullable DirectConnections connections;

    DatabaseSlice(PostgresSlices slices, Clones clones) {
        this.slices = slices;
        this.clones = clones;
        clone = clones.fresh();
    }

    @Override
    public Postgres handOut(Tenant tenant) {
        Login login = clone.login();
        connections = new DirectConnections(tenant, login, clones.connections());
        return new Postgres(tenant, login, connections, login::directUrl, true);
    }

    @Override
    public void reset() {
        if (connections != null) {
            connections.cutOff();
        }
    }

    @Override
    public void awaitReset() {
        DirectConnections ended = connections;
        if (ended == null) {
            return;
        }
        connections = null;
        clones.endSessions(clone, ended);
        renew();
    }

    private void renew() {
        if (clones.seemsUntouched(clone)) {
            clone = clones.renamed(clone);
            if (clones.isUntouched(clone)) {
                return;
            }
        }
        Clone used = clone;
        clone = clones.fresh();
        clones.remove(used);
    }

    @Override
    public void destroy() {
        slices.drop(clone.name());
    }

    @Override
    public String describe() {
        return "database " + clone.name();
    }
}
