package dev.isolated.postgres;

import dev.isolated.postgres.Schemas.Furnished;

/** A slice in SCHEMA mode: a schema of its own for each test. */
final class SchemaSlice extends DirectSlice {

    private final Schemas schemas;
    private final SchemaSlices slices;
    private volatile Furnished schema;

    SchemaSlice(SchemaSlices slices, Schemas schemas) {
        super(schemas.connections());
        this.slices = slices;
        this.schemas = schemas;
        schema = schemas.fresh();
    }

    @Override
    Login login() {
        return schema.login();
    }

    @Override
    void renew(DirectConnections ended) {
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
