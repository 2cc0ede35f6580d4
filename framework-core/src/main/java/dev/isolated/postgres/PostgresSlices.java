package dev.isolated.postgres;

import dev.isolated.postgres.SandboxDataSource.Login;
import dev.isolated.settings.Secret;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.util.List;

/**
 * The slices of one server: each has a database and a role of its own, which is no superuser and can reach no other
 * slice's database. While the run lives, its administrator's connection holds an advisory lock; a database whose run
 * holds none is left over.
 */
final class PostgresSlices implements Slices<Postgres> {

    private static final String MAINTENANCE = "postgres";
    private static final int LOCK_CLASS = 0x150;
    private static final int KEPT_FREE = 3;

    private final Server server;
    private final Plan plan;
    private final PostgresAdmin admin;
    private final Roles roles;
    private final Template template;
    private final int capacity;

    private PostgresSlices(
            Server server, Plan plan, PostgresAdmin admin, Roles roles, Template template, int capacity) {
        this.server = server;
        this.plan = plan;
        this.admin = admin;
        this.roles = roles;
        this.template = template;
        this.capacity = capacity;
    }

    static PostgresSlices open(Server server, Plan plan) {
        PostgresAdmin admin = PostgresAdmin.connect(server, MAINTENANCE);
        try {
            admin.hold("SELECT pg_advisory_lock(" + LOCK_CLASS + ", " + Integer.parseUnsignedInt(plan.run(), 16) + ")");
            boolean foreign = !server.tenure().ours();
            if (foreign) {
                Requirements.check(server, admin);
            }
            String connections = admin.query("SELECT current_setting('max_connections')::int"
                            + " - current_setting('superuser_reserved_connections')::int")
                    .get(0);
            var roles = new Roles(plan.run(), foreign);
            var template = Template.build(server, plan, admin, roles);
            return new PostgresSlices(server, plan, admin, roles, template, Integer.parseInt(connections) - KEPT_FREE);
        } catch (RuntimeException e) {
            admin.close();
            throw e;
        }
    }

    @Override
    public int capacity() {
        return capacity;
    }

    @Override
    public Slice<Postgres> create(int number) {
        String name = "isolated_" + plan.run() + "_" + number;
        try {
            return create(name, Secret.random());
        } catch (RuntimeException e) {
            removeAfter(e, name);
            throw e;
        }
    }

    private Slice<Postgres> create(String name, Secret password) {
        // One slice after the other, so that the first is not as late as the second.
        synchronized (admin) {
            admin.execute(
                    roles.create(name, " LOGIN PASSWORD '" + admin.passwordFor(password) + "'" + template.grant()));
            admin.execute("CREATE DATABASE " + name + " OWNER " + name + " TEMPLATE " + template.database());
            admin.execute("REVOKE CONNECT, TEMPORARY ON DATABASE " + name + " FROM PUBLIC");
        }
        return new TransactionSlice(
                this,
                new Login(server.endpoint(), name, password),
                plan.settings().get(PostgresKeys.TURN_TIMEOUT),
                plan.settings().get(PostgresKeys.GRACE));
    }

    /** Rolling back is one round trip; handing it to another thread would cost as much. */
    @Override
    public boolean resetsQuickly() {
        return true;
    }

    @Override
    public List<Leftover> leftovers() {
        return admin
                .query("SELECT rolname FROM pg_roles LEFT JOIN pg_database ON datname = rolname"
                        + " WHERE rolname ~ '^isolated_[0-9a-f]{8}_([0-9]+|template)$'"
                        + " AND shobj_description(pg_roles.oid, 'pg_authid') = '" + Roles.MARK
                        + "' || substr(rolname, 10, 8)"
                        + " AND (datdba IS NULL OR datdba = pg_roles.oid) AND NOT EXISTS (SELECT FROM pg_locks"
                        + " WHERE locktype = 'advisory' AND classid = " + LOCK_CLASS
                        + " AND objid = ('x' || substr(rolname, 10, 8))::bit(32)::bigint::oid"
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
                        // What the template's role made is in the slices' databases too: it goes after them.
                        + " ORDER BY rolname LIKE '%template', rolname")
                .stream()
                .map(this::leftover)
                .toList();
    }

    @Override
    public void close() {
        try {
            if (template.ownedByRun()) {
                drop(template.database());
            }
        } finally {
            admin.close();
        }
    }

    /** Removes a slice's database and role; on a server that stops with the run they go with it. */
    void drop(String name) {
        if (server.tenure().outlivesTheRun()) {
            remove(name);
        }
    }

    private void remove(String name) {
        admin.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        admin.execute("DROP ROLE IF EXISTS " + name);
    }

    private void removeAfter(RuntimeException reason, String name) {
        try {
            remove(name);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private Leftover leftover(String name) {
        return new Leftover() {
            @Override
            public String describe() {
                return "database and role " + name + " of a run that has ended";
            }

            @Override
            public void remove() {
                PostgresSlices.this.remove(name);
            }
        };
    }
}
