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
    private @Nullable DirectConnections connections;

    SchemaSlice(SchemaSlices slices, Schemas schemas) {
        this.slices = slices;
        this.schemas = schemas;
        schema = schemas.fresh();
    }

    @Override
    public Postgres handOut(Tenant tenant) {
        Login login = schema.login();
        connections = new DirectConnections(tenant, login, schemas.connections());
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
        Furnished used = schema;
        schemas.endSessions(used, ended);
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
