package dev.isolated.postgres;

import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import org.jspecify.annotations.Nullable;

/** A slice in DATABASE mode: a database of its own for each test, the last one's only if nothing was written to it. */
final class DatabaseSlice implements Slice<Postgres> {

    private final Clones clones;
    private final PostgresSlices slices;
    private volatile Clone clone;
    private @Nullable DirectAccess access;

    DatabaseSlice(PostgresSlices slices, Clones clones) {
        this.slices = slices;
        this.clones = clones;
        clone = clones.fresh();
    }

    @Override
    public Postgres handOut(Tenant tenant) {
        var opened = DirectAccess.of(tenant, clone.login(), clones.connections());
        access = opened;
        return opened.handle();
    }

    @Override
    public void reset() {
        if (access != null) {
            access.cutOff();
        }
    }

    @Override
    public void awaitReset() {
        DirectAccess ended = access;
        if (ended == null) {
            return;
        }
        access = null;
        clones.endSessions(clone, ended.connections());
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
