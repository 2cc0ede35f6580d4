package dev.isolated.postgres;

import dev.isolated.settings.Settings;
import java.util.List;

/**
 * Removes templates that nobody uses: those used longest ago, where there are more than the settings allow; and what is left
 * of those whose maker was killed. Thread-safe.
 */
final class TemplateSweep {

    private static final long MEGABYTE = 1024 * 1024;

    private final PostgresAdmin admin;
    private final String owner;

    TemplateSweep(PostgresAdmin admin, String owner) {
        this.admin = admin;
        this.owner = owner;
    }

    /** To whom everything in templates belongs. */
    String owner() {
        return owner;
    }

    /** What killed makers have left. */
    List<String> abandoned() {
        return admin.query("SELECT datname FROM pg_database WHERE"
                + " datname ~ '^isolated_building_[0-9a-f]{16}$' AND pg_has_role(datdba, 'USAGE')"
                + " AND pg_get_userbyid(datdba) IN (current_user, '" + owner + "') AND "
                + ServerLock.TEMPLATE_IN_THE_MAKING.nobodyHolds("substr(datname, 19, 8)"));
    }

    /** Removes what a killed maker has left, unless somebody has begun to make it anew; whether it has. */
    boolean removeAbandoned(String name) {
        return alone(ServerLock.TEMPLATE_IN_THE_MAKING, lock(name), () -> drop(name));
    }

    /** Those that have been used longest ago and are more than the settings allow, and that nobody uses now. */
    List<String> superfluous(Settings settings) {
        return beyond(settings, " AND " + ServerLock.TEMPLATE_IN_USE.nobodyHolds("substr(datname, 19, 8)"));
    }

    private List<String> beyond(Settings settings, String condition) {
        int most = settings.get(PostgresKeys.TEMPLATES_MAX);
        long bytes = settings.get(PostgresKeys.TEMPLATES_MEGABYTES) * MEGABYTE;
        return admin.query("SELECT datname FROM (SELECT datname, row_number() OVER latest AS place,"
                + " sum(pg_database_size(oid)) OVER latest AS total FROM pg_database"
                + " WHERE datname ~ '^isolated_template_[0-9a-f]{16}$' AND pg_has_role(datdba, 'USAGE')"
                + " AND shobj_description(oid, 'pg_database') LIKE '" + TemplateStore.MARK + "used at %'"
                + " WINDOW latest AS (ORDER BY shobj_description(oid, 'pg_database') DESC, datname"
                + " ROWS UNBOUNDED PRECEDING)) AS templates WHERE (place > " + most + " OR total > " + bytes
                + ")" + condition);
    }

    /** Removes a template, unless somebody uses it; whether it has. */
    boolean remove(String name) {
        return alone(ServerLock.TEMPLATE_IN_USE, lock(name), () -> drop(name));
    }

    /** Makes room at once, as the settings say, and removes the owner of templates where there are none. */
    void collect(Settings settings) {
        beyond(settings, "").forEach(this::remove);
        var unused = alone(ServerLock.TEMPLATE_IN_USE, TemplateStore.OWNER_LOCK, this::dropOwner);
    }

    void collectAfter(RuntimeException reason, Settings settings) {
        try {
            collect(settings);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private void drop(String name) {
        admin.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
    }

    private void dropOwner() {
        boolean needed = !admin.query("SELECT 1 FROM pg_shdepend JOIN pg_roles ON refobjid = pg_roles.oid"
                        + " WHERE refclassid = 'pg_authid'::regclass AND rolname = '" + owner + "' LIMIT 1")
                .isEmpty();
        if (!needed) {
            admin.execute("DROP ROLE IF EXISTS " + owner);
        }
    }

    /** Does something under a lock that nobody else holds; not at all where somebody does. Whether it has done it. */
    private boolean alone(ServerLock lock, int number, Runnable task) {
        boolean locked = admin.query(lock.trying(number)).get(0).equals("t");
        if (locked) {
            try {
                task.run();
            } finally {
                admin.query(lock.freeing(number));
            }
        }
        return locked;
    }

    private static int lock(String name) {
        return new TemplateKey(name.substring(name.lastIndexOf('_') + 1)).lock();
    }
}
