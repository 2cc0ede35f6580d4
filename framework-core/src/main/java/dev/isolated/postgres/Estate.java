package dev.isolated.postgres;

import dev.isolated.error.IsolationException;
import java.time.Instant;
import java.util.List;

/**
 * What a run makes on a server: databases, each with a role of the same name that owns it and bears the run's mark. What
 * lacks the mark is somebody else's, whatever its name. Thread-safe.
 */
final class Estate {

    private static final String MARK = "made by Isolated for tests, in run ";
    private static final String KEPT = "made by Isolated for tests, kept until ";

    private final PostgresAdmin admin;
    private final PostgresAdmin maker;
    private final String run;
    private final Allowance allowance;
    private final String cloning;

    /** {@code maker} makes and drops databases, which takes long; it may be the same as {@code admin}. */
    Estate(PostgresAdmin admin, PostgresAdmin maker, String run, Allowance allowance, CloneStrategy strategy) {
        this.admin = admin;
        this.maker = maker;
        this.run = run;
        this.allowance = allowance;
        int major = Facts.major(admin.version());
        cloning = strategy.clause(major);
        String setting = strategy.sessionSetting(major);
        if (!setting.isEmpty()) {
            maker.hold(setting);
        }
    }

    /** What the names of everything begin with that a run makes. */
    static String prefix(String run) {
        return "isolated_" + run + "_";
    }

    /** The comment of what a run has made. */
    static String mark(String run) {
        return MARK + run;
    }

    /**
     * Makes both; where that fails, nothing of it stays and nothing else of that name is touched. Nobody can enter before it
     * is {@linkplain #sealing sealed}.
     *
     * @param options of the role, beginning with a space
     */
    void make(String name, String options, Template template) {
        admin.execute("CREATE ROLE " + name + options + template.grant() + allowance.join(name) + "; COMMENT ON ROLE "
                + name + " IS '" + mark(run) + "'");
        orRemove(() -> maker.executeWhenUnused(creation(name, template)), name);
    }

    private String creation(String name, Template template) {
        return "CREATE DATABASE " + name + " OWNER " + name + " TEMPLATE " + template.database() + cloning
                + " ALLOW_CONNECTIONS false";
    }

    /** The same with a database that only its owner can enter. */
    void makeSealed(String name, String options, Template template) {
        // One after the other, so that the first is not as late as the second.
        synchronized (admin) {
            make(name, options, template);
            orRemove(() -> admin.execute(sealing(name, template)), name);
        }
    }

    /** Statements that let its owner, and nobody else, into a database, and give it what a copy does not take along. */
    static String sealing(String name, Template template) {
        return "REVOKE CONNECT, TEMPORARY ON DATABASE " + name + " FROM PUBLIC" + template.replayOn(name)
                + "; ALTER DATABASE " + name + " ALLOW_CONNECTIONS true";
    }

    private void orRemove(Runnable step, String name) {
        try {
            step.run();
        } catch (RuntimeException e) {
            removeAfter(e, name);
            throw e;
        }
    }

    /** The comment of what no run removes until then. */
    static String keptUntil(Instant until) {
        return KEPT + until;
    }

    /** The names of what was to be kept until then or earlier. */
    List<String> keptUpTo(Instant moment) {
        return admin.query("SELECT rolname FROM pg_roles WHERE rolname ~ '^isolated_[0-9a-f]{8}_[0-9]+$'"
                + " AND pg_has_role(oid, 'USAGE') AND shobj_description(oid, 'pg_authid') BETWEEN '" + KEPT + "' AND '"
                + KEPT + moment + "' ORDER BY rolname");
    }

    /** The names of what runs have left whose lock nobody holds, as far as this administrator may remove it. */
    List<String> ownerless() {
        return admin.query("SELECT rolname FROM pg_roles LEFT JOIN pg_database ON datname = rolname"
                + " WHERE rolname ~ '^isolated_[0-9a-f]{8}_[0-9]+$'"
                + " AND shobj_description(pg_roles.oid, 'pg_authid') = '" + MARK + "' || substr(rolname, 10, 8)"
                + " AND pg_has_role(pg_roles.oid, 'USAGE')"
                + " AND (datdba IS NULL OR datdba = pg_roles.oid) AND "
                + ServerLock.RUN.nobodyHolds("substr(rolname, 10, 8)")
                // The newest first: what a class has prepared is a copy in which things belong to an older role.
                + " ORDER BY pg_roles.oid DESC");
    }

    /** Makes a database again, from another template. */
    void remake(String name, Template template) {
        drop(name);
        maker.executeWhenUnused(creation(name, template));
        admin.execute(sealing(name, template));
    }

    /** Removes both; what somebody else is just removing too is no failure. */
    void remove(String name) {
        try {
            if (owns(name)) {
                drop(name);
            }
            admin.execute("DROP ROLE IF EXISTS " + name);
        } catch (RuntimeException e) {
            if (!isGone(name, e)) {
                throw e;
            }
        }
    }

    private void drop(String name) {
        String statement = "DROP DATABASE IF EXISTS " + name;
        try {
            maker.execute(statement + " WITH (FORCE)");
        } catch (IsolationException e) {
            if (!PostgresAdmin.hasState(e, PostgresAdmin.FORBIDDEN)) {
                throw e;
            }
            // An autovacuum worker is the server's own, which nobody but a superuser may end by force; without, it
            // gives way.
            maker.execute(statement);
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
