package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes and removes schemas in one existing database, each with a role of the same name that owns it, if the administrator
 * may make roles; else it owns them itself, and a connection finds its schema by its parameters. No two have the same name.
 * Thread-safe.
 */
final class Schemas {

    private final Endpoint endpoint;
    private final PostgresAdmin admin;
    private final Allowance allowance;
    private final String database;
    private final String run;
    private final int connections;
    private final List<Layer> layers;
    private final boolean open;
    private final AtomicInteger made = new AtomicInteger();

    Schemas(Server server, Plan plan, String database, PostgresAdmin admin, Allowance allowance) {
        endpoint = server.endpoint();
        this.admin = admin;
        this.allowance = allowance;
        this.database = database;
        run = plan.run();
        connections = plan.settings().get(PostgresKeys.CONNECTIONS);
        layers = Templates.layers(plan);
        open = admin.query("SELECT has_database_privilege('public', current_database(), 'CONNECT')"
                        + " AND has_database_privilege('public', current_database(), 'TEMPORARY')")
                .equals(List.of("t"));
    }

    int connections() {
        return connections;
    }

    /**
     * A schema's name, and how to log in to it.
     *
     * @param pristine the first transaction that had not begun when nobody had logged in yet
     */
    record Furnished(String name, Login login, String pristine) {}

    /** A new schema, with all that tests start from. */
    Furnished fresh() {
        // Told by its letter from the roles that have a database: other runs look for those.
        String name = "isolated_" + run + "_s" + made.incrementAndGet();
        Login login = allowance.makesRoles() ? withRole(name) : withoutRole(name);
        try {
            furnish(login);
            return new Furnished(
                    name, login, admin.query("SELECT " + Imprint.NEXT).get(0));
        } catch (RuntimeException | Error e) { // code of the user's, which may fail in any way
            removeAfter(e, name);
            throw e;
        }
    }

    private Login withRole(String name) {
        Secret password = Secret.random();
        admin.execute(alone() + "CREATE ROLE " + name + admin.loginWith(password) + " CONNECTION LIMIT " + connections
                + allowance.join(name) + "; COMMENT ON ROLE " + name + mark()
                + (open ? "" : "; GRANT CONNECT, TEMPORARY ON DATABASE " + Identifier.quoted(database) + " TO " + name)
                + "; CREATE SCHEMA " + name + " AUTHORIZATION " + name + "; COMMENT ON SCHEMA " + name + mark());
        return new Login(endpoint, database, name, password);
    }

    /** Goes ahead of statements that change the rights to the database, where they do. */
    private String alone() {
        return open ? "" : ServerLock.RIGHTS.takingForNow(0) + "; ";
    }

    private Login withoutRole(String name) {
        admin.execute("CREATE SCHEMA " + name + "; COMMENT ON SCHEMA " + name + mark());
        Map<String, String> found = Map.of("currentSchema", name + ",public", "ApplicationName", name);
        return new Login(endpoint, database, endpoint.user(), endpoint.password(), found);
    }

    private String mark() {
        return " IS '" + Estate.mark(run) + "'";
    }

    private void furnish(Login login) {
        for (Layer layer : layers) {
            try (var building = new SchemaBuilding(admin, login, connections, layer)) {
                layer.apply(building);
            }
        }
    }

    /** What of the database is that schema's. */
    Scope scope(Furnished schema) {
        String whose = (allowance.makesRoles() ? "usename" : "application_name") + " = '" + schema.name() + "'";
        return Scope.ofSchema(schema.name(), database, whose, schema.pristine());
    }

    void endSessions(Furnished schema, DirectConnections ended) {
        Sessions.end(admin, scope(schema).sessions(), ended, "schema " + schema.name());
    }

    /** Removes a schema, and its role with all that it owns here; what is gone already is no failure. */
    void remove(String name) {
        admin.execute("DROP SCHEMA IF EXISTS " + name + " CASCADE");
        if (!admin.query("SELECT 1 FROM pg_roles WHERE rolname = '" + name + "'")
                .isEmpty()) {
            admin.execute(alone() + "DROP OWNED BY " + name + " CASCADE; DROP ROLE IF EXISTS " + name);
        }
    }

    private void removeAfter(Throwable reason, String name) {
        try {
            remove(name);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    /** The names of what runs have left whose lock nobody holds, as far as this administrator may remove it. */
    List<String> ownerless() {
        return admin.query("SELECT nspname FROM pg_namespace WHERE nspname ~ '^isolated_[0-9a-f]{8}_s[0-9]+$'"
                + " AND obj_description(oid, 'pg_namespace') = '" + Estate.mark("") + "' || substr(nspname, 10, 8)"
                + " AND pg_has_role(nspowner, 'USAGE') AND " + ServerLock.RUN.nobodyHolds("substr(nspname, 10, 8)")
                + " ORDER BY nspname");
    }
}
