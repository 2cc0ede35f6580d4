package dev.isolated.postgres;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.spi.Bases;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import java.time.Duration;
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

    /** How long it waits for another process before it says so. */
    private static final Duration QUIETLY = Duration.ofSeconds(1);

    private final Server server;
    private final PostgresAdmin admin;
    private final TemplateStore store;
    private final String run;
    private final int connections;
    private final Duration patience;

    Templates(Server server, PostgresAdmin admin, TemplateStore store, Plan plan) {
        this.server = server;
        this.admin = admin;
        this.store = store;
        run = plan.run();
        connections = plan.settings().get(PostgresKeys.CONNECTIONS);
        patience = plan.settings().get(PostgresKeys.TEMPLATES_TIMEOUT);
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
            key = key.with(layer.fingerprint() + version(layer));
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

    /** The version in which the server would create what a layer asks for; empty where only the layer knows. */
    private String version(Layer layer) {
        return layer instanceof ExtensionLayer extension
                ? admin.query("SELECT coalesce(max(default_version), '') FROM pg_available_extensions WHERE name = "
                                + Refusal.literal(extension.name()))
                        .get(0)
                : "";
    }

    /** One process makes it; others that want the same wait, and find it made. */
    private void make(TemplateKey key, String parent, Layer layer) {
        try (PostgresAdmin builder = PostgresAdmin.connect(server, PostgresAdmin.MAINTENANCE)) {
            builder.execute("SET application_name = 'isolated admin " + run + " makes a template, process "
                    + ProcessHandle.current().pid() + "'");
            lock(builder, key, layer);
            if (store.holds(key)) {
                return;
            }
            store.begin(builder, key, parent);
            try (PostgresAdmin inside = PostgresAdmin.connect(server, key.building());
                    var building =
                            new TemplateBuilding(inside, key.building(), store.owner(), run, connections, layer)) {
                layer.apply(building);
            } catch (RuntimeException | Error e) { // code of the user's, which may fail in any way
                store.abandon(builder, key, e);
                throw failed(layer, e);
            }
            store.complete(builder, key);
        }
    }

    private void lock(PostgresAdmin builder, TemplateKey key, Layer layer) {
        if (!lockedWithin(patience.compareTo(QUIETLY) < 0 ? patience : QUIETLY, builder, key)) {
            String holders = holders(key);
            Log.LOGGER.log(
                    System.Logger.Level.INFO,
                    "waiting for {0}, which another process is making on {1}: {2}",
                    layer.describe(),
                    server.describe(),
                    holders);
            if (!lockedWithin(patience, builder, key)) {
                throw notMade(layer, holders(key));
            }
        }
        builder.execute("SET lock_timeout = 0");
    }

    private static boolean lockedWithin(Duration limit, PostgresAdmin builder, TemplateKey key) {
        try {
            builder.execute("SET lock_timeout = " + Math.max(1, limit.toMillis()));
            builder.query(TemplateStore.locking(key));
            return true;
        } catch (IsolationException e) {
            if (PostgresAdmin.hasState(e, LOCK_NOT_AVAILABLE)) {
                return false;
            }
            throw e;
        }
    }

    private String holders(TemplateKey key) {
        List<String> holders = admin.query(ServerLock.TEMPLATE_IN_THE_MAKING.holders(key.lock()));
        return holders.isEmpty() ? "nobody any more" : String.join("; ", holders);
    }

    private IsolationException notMade(Layer layer, String holders) {
        return new IsolationException(Explanation.couldNot("prepare what tests start from on " + server.describe())
                .expected(layer.describe() + ", which another process is making, to be ready within "
                        + patience.toMillis() + " ms")
                .found("that it is still in the making, by " + holders)
                .next("see what that process is waiting for, end it, or raise " + PostgresKeys.TEMPLATES_TIMEOUT));
    }

    private IsolationException failed(Layer layer, Throwable cause) {
        return new IsolationException(
                Explanation.couldNot("prepare what tests start from on " + server.describe())
                        .expected(layer.describe() + " to run to its end")
                        .found(cause instanceof Error ? cause.toString() : String.valueOf(cause.getMessage()))
                        .next("correct it; nothing of it has been kept"),
                cause);
    }
}
