package dev.isolated.postgres;

import dev.isolated.settings.Settings;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.util.List;

/**
 * The slices of a server on which databases may not be made: schemas in one that exists. While the run lives, its
 * administrator's connection to that database holds an advisory lock; a schema whose run holds none is left over.
 */
final class SchemaSlices implements Slices<Postgres> {

    private final Server server;
    private final PostgresAdmin admin;
    private final Allowance allowance;
    private final Schemas schemas;
    private final Settings settings;

    private SchemaSlices(Server server, Plan plan, String database, PostgresAdmin admin) {
        this.server = server;
        this.admin = admin;
        settings = plan.settings();
        allowance = Allowance.of(server, plan, admin);
        admin.hold(ServerLock.ofRun(plan.run()));
        schemas = new Schemas(server, plan, database, admin, allowance);
    }

    static SchemaSlices open(Server server, Plan plan) {
        String named = plan.settings().get(PostgresKeys.DATABASE);
        String database = named.isEmpty() ? server.endpoint().user() : named;
        PostgresAdmin admin = PostgresAdmin.connect(server, database);
        try {
            return new SchemaSlices(server, plan, database, admin);
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    @Override
    public int capacity() {
        return allowance.capacity();
    }

    @Override
    public Slice<Postgres> create(int number) {
        return new SchemaSlice(this, schemas, settings);
    }

    @Override
    public List<Leftover> leftovers() {
        return schemas.ownerless().stream()
                .map(name -> Leftover.of("schema " + name + " of a run that has ended", () -> schemas.remove(name)))
                .toList();
    }

    @Override
    public void close() {
        admin.close();
    }

    /** Removes a slice's schema and role; on a server that stops with the run they go with it. */
    void drop(String name) {
        if (server.tenure().outlivesTheRun()) {
            schemas.remove(name);
        }
    }
}
