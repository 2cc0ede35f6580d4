package dev.isolated.postgres;

import dev.isolated.postgres.Schemas.Furnished;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Evidence;
import java.util.ArrayList;
import java.util.List;

/** A slice in SCHEMA mode: a schema of its own for each test. */
final class SchemaSlice extends DirectSlice {

    private static final Evidence NOT_KEPT = new Evidence(
            "not kept",
            "In SCHEMA isolation nothing is kept by " + PostgresKeys.KEEP_ON_FAILURE
                    + "; what is told here is all that stays. Use DATABASE isolation for this test to keep its"
                    + " database.");

    private final Schemas schemas;
    private final SchemaSlices slices;
    private final boolean toBeKept;
    private volatile Furnished schema;

    SchemaSlice(SchemaSlices slices, Schemas schemas, Settings settings) {
        super(schemas.connections(), settings.get(Keys.EVIDENCE_ROWS));
        toBeKept = settings.get(PostgresKeys.KEEP_ON_FAILURE).isPresent();
        this.slices = slices;
        this.schemas = schemas;
        schema = schemas.fresh();
    }

    @Override
    Login login() {
        return schema.login();
    }

    @Override
    Scope scope() {
        return schemas.scope(schema);
    }

    @Override
    String name() {
        return schema.name();
    }

    @Override
    public List<Evidence> evidence() {
        var evidence = new ArrayList<>(super.evidence());
        if (toBeKept) {
            evidence.add(NOT_KEPT);
        }
        return evidence;
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
