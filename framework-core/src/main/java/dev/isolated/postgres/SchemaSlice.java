package dev.isolated.postgres;

import dev.isolated.postgres.Schemas.Furnished;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Tenant;
import org.jspecify.annotations.Nullable;

/** A slice in SCHEMA mode: a schema of its own for each test. */
final class SchemaSlice implements Slice<Postgres> {

    private final Schemas schemas;
    private final SchemaSlices slices;
    private volatile Furnished schema;
    private @Nullable DirectAccess access;

    SchemaSlice(SchemaSlices slices, Schemas schemas) {
        this.slices = slices;
        this.schemas = schemas;
        schema = schemas.fresh();
    }

    @Override
    public Postgres handOut(Tenant tenant) {
        var opened = DirectAccess.of(tenant, schema.login(), schemas.connections());
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
        Furnished used = schema;
        schemas.endSessions(used, ended.connections());
        schema = schemas.fresh();
        schemas.remove(used.name());
    }

    @Override
    public void destroy() {
        slices.drop(schema.name());
    }

    @Override
    public String describe() {
        return "schema " + schema.name() + " in database " + schema.login().database();
    }
}
