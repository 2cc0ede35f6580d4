package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import java.util.List;

/**
 * What a run makes on a server: databases, each with a role of the same name that owns it and bears the run's mark. What
 * lacks the mark is somebody else's, whatever its name. Thread-safe.
 */
final class Estate {

    private static final String MARK = "made by Isolated for tests, in run ";

    private final PostgresAdmin admin;
    private final String run;
    private final Allowance allowance;
    private final Template template;

    Estate(PostgresAdmin admin, String run, Allowance allowance, Template template) {
        this.admin = admin;
        this.run = run;
        this.allowance = allowance;
        this.template = template;
    }

    /** The comment of a role that a run has made. */
    static String mark(String run) {
        return MARK + run;
    }

    /**
     * Makes both, with a database that only its owner can enter; where that fails, nothing of it stays and nothing else of
     * that name is touched.
     */
    void make(String name, Secret password) {
        // One after the other, so that the first is not as late as the second.
        synchronized (admin) {
            admin.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + admin.passwordFor(password) + "'"
                    + template.grant() + allowance.join(name) + "; COMMENT ON ROLE " + name + " IS '" + mark(run)
                    + "'");
            executeOrRemove("CREATE DATABASE " + name + " OWNER " + name + " TEMPLATE " + template.database(), name);
            executeOrRemove(
                    "REVOKE CONNECT, TEMPORARY ON DATABASE " + name + " FROM PUBLIC" + template.replayOn(name), name);
        }
    }

    private void executeOrRemove(String sql, String name) {
        try {
            admin.execute(sql);
        } catch (RuntimeException e) {
            removeAfter(e, name);
            throw e;
        }
    }

    /** The names of what runs have left whose lock nobody holds, as far as this administrator may remove it. */
    List<String> ownerless(int lockClass) {
        return admin.query("SELECT rolname FROM pg_roles LEFT JOIN pg_database ON datname = rolname"
                + " WHERE rolname ~ '^isolated_[0-9a-f]{8}_[0-9]+$'"
                + " AND shobj_description(pg_roles.oid, 'pg_authid') = '" + MARK + "' || substr(rolname, 10, 8)"
                + " AND pg_has_role(pg_roles.oid, 'USAGE')"
                + " AND (datdba IS NULL OR datdba = pg_roles.oid) AND NOT EXISTS (SELECT FROM pg_locks"
                + " WHERE locktype = 'advisory' AND classid = " + lockClass
                + " AND objid = ('x' || substr(rolname, 10, 8))::bit(32)::bigint::oid"
                + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
                + " ORDER BY rolname");
    }

    /** Removes both; what somebody else is just removing too is no failure. */
    void remove(String name) {
        try {
            if (owns(name)) {
                admin.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
            }
            admin.execute("DROP ROLE IF EXISTS " + name);
        } catch (RuntimeException e) {
            if (!isGone(name, e)) {
                throw e;
            }
        }
    }

    void removeAfter(RuntimeException reason, String name) {
        try {
            remove(name);
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    private boolean owns(String name) {
        return !admin.query("SELECT datname FROM pg_database JOIN pg_roles ON datdba = pg_roles.oid"
                        + " WHERE datname = '" + name + "' AND rolname = datname")
                .isEmpty();
    }

    private boolean isGone(String name, RuntimeException reason) {
        try {
            return admin.query("SELECT rolname FROM pg_roles WHERE rolname = '" + name + "'")
                    .isEmpty();
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
            return false;
        }
    }
}
