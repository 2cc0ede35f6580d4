package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Bases;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the databases that slices are copied from, or finds those that another run has made: one for each layer, known by
 * its content, so that whoever wants the same has the same. Used by one thread.
 */
final class Templates {

    private static final String COLLATION = ", pg_database_collation_actual_version(oid)";
    private static final int COLLATION_VERSIONS = 15;
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Server server;
    private final PostgresAdmin admin;
    private final TemplateStore store;
    private final String run;
    private final int connections;

    Templates(Server server, PostgresAdmin admin, TemplateStore store, Plan plan) {
        this.server = server;
        this.admin = admin;
        this.store = store;
        run = plan.run();
        connections = plan.settings().get(PostgresKeys.CONNECTIONS);
    }

    /** What the settings of a plan ask tests to start from, in the order in which it is made. */
    static List<Layer> layers(Plan plan) {
        List<Layer> layers = new ArrayList<>();
        plan.settings().get(PostgresKeys.EXTENSIONS).forEach(name -> layers.add(new ExtensionLayer(name)));
        Migrations.of(plan.settings()).ifPresent(layers::add);
        plan.settings().get(PostgresKeys.SCRIPTS).forEach(script -> layers.add(ScriptLayer.of(script)));
        Bases.of(Postgres.class, PostgresKeys.BASES, plan).forEach(base -> layers.add(new BaseLayer(base)));
        return List.copyOf(layers);
    }

    /** The template with all these layers; what of them is not there yet is made. */
    Template of(List<Layer> layers) {
        if (layers.isEmpty()) {
            return Template.EMPTY;
        }
        store.useOwner();
        List<TemplateKey> keys = keys(layers);
        keys.forEach(store::use);
        int made = keys.size();
        while (made > 0 && !store.holds(keys.get(made - 1))) {
            made--;
        }
        for (int i = made; i < keys.size(); i++) {
            String parent = i == 0 ? Template.EMPTY.database() : keys.get(i - 1).database();
            make(keys.get(i), parent, layers.get(i));
        }
        String database = keys.get(keys.size() - 1).database();
        return new Template(database, store.owner(), Replay.of(admin, database, store.owner()));
    }

    private List<TemplateKey> keys(List<Layer> layers) {
        List<TemplateKey> keys = new ArrayList<>();
        TemplateKey key = TemplateKey.of(description());
        for (Layer layer : layers) {
            key = key.with(layer);
            keys.add(key);
        }
        return keys;
    }

    /** All of the server that makes the same layers something else. */
    private String description() {
        return admin.query("SELECT concat_ws(' ', current_setting('server_version_num'), current_user,"
                        + " pg_encoding_to_char(encoding), datcollate, datctype"
                        + (Facts.major(admin.version()) < COLLATION_VERSIONS ? "" : COLLATION)
                        + ") FROM pg_database WHERE datname = 'template1'")
                .get(0);
    }

    /** One process makes it; others that want the same wait, and find it made. */
    private void make(TemplateKey key, String parent, Layer layer) {
        try (PostgresAdmin builder = PostgresAdmin.connect(server, PostgresAdmin.MAINTENANCE)) {
            lock(builder, key, layer);
            if (store.holds(key)) {
                return;
            }
            store.begin(builder, key, parent);
            try (PostgresAdmin inside = PostgresAdmin.connect(server, key.building());
                    var building =
                            new TemplateBuilding(inside, key.building(), store.owner(), run, connections, layer)) {
                layer.apply(building);
            } catch (RuntimeException e) {
                store.abandon(builder, key, e);
                throw failed(layer, e);
            }
            store.complete(builder, key);
        }
    }

    private void lock(PostgresAdmin builder, TemplateKey key, Layer layer) {
        try {
            builder.execute("SET lock_timeout = '1s'");
            builder.query(TemplateStore.locking(key));
        } catch (IsolationException e) {
            if (!PostgresAdmin.hasState(e, LOCK_NOT_AVAILABLE)) {
                throw e;
            }
            Log.LOGGER.log(
                    System.Logger.Level.INFO,
                    "waiting for {0}, which another process is making on {1}",
                    layer.describe(),
                    server.describe());
            builder.execute("SET lock_timeout = 0");
            builder.query(TemplateStore.locking(key));
        }
        builder.execute("SET lock_timeout = 0");
    }

    private IsolationException failed(Layer layer, RuntimeException cause) {
        return new IsolationException(
                Explanation.couldNot("prepare what tests start from on " + server.describe())
                        .expected(layer.describe() + " to run to its end")
                        .found(String.valueOf(cause.getMessage()))
                        .next("correct it; nothing of it has been kept"),
                cause);
    }
}
