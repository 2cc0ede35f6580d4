package dev.isolated.postgres;

import dev.isolated.error.IsolationException;
import dev.isolated.spi.Server;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The templates that are on a server. They belong to no run: whoever uses one holds a shared lock on it, and what nobody
 * uses may be removed to make room. Thread-safe.
 */
final class TemplateStore {

    static final int OWNER_LOCK = 0;
    static final String MARK = "made by Isolated for tests, ";

    private final PostgresAdmin admin;
    private final Allowance allowance;
    private final String owner;

    TemplateStore(Server server, PostgresAdmin admin, Allowance allowance) {
        this.admin = admin;
        this.allowance = allowance;
        owner = String.format("isolated_owner_%08x", server.endpoint().user().hashCode());
    }

    /** The role to whom everything in templates belongs. */
    String owner() {
        return owner;
    }

    static String locking(TemplateKey key) {
        return ServerLock.TEMPLATE_IN_THE_MAKING.taking(key.lock());
    }

    /** Makes the owner if there is none yet, and keeps it from being removed as long as the administrator is connected. */
    void useOwner() {
        admin.hold(ServerLock.TEMPLATE_IN_USE.sharing(OWNER_LOCK));
        if (admin.query("SELECT rolname FROM pg_roles WHERE rolname = '" + owner + "'")
                .isEmpty()) {
            try {
                admin.execute("CREATE ROLE " + owner + allowance.join(owner) + "; COMMENT ON ROLE " + owner + " IS '"
                        + MARK + "owner of what templates hold'");
            } catch (IsolationException e) {
                if (!PostgresAdmin.hasState(e, "42710") && !PostgresAdmin.hasState(e, "23505")) {
                    throw e;
                }
            }
        }
    }

    /** Keeps a template, once it is there, from being removed as long as the administrator is connected. */
    void use(TemplateKey key) {
        admin.hold(ServerLock.TEMPLATE_IN_USE.sharing(key.lock()));
    }

    /** Whether a template is there and complete; notes that it was used just now. */
    boolean holds(TemplateKey key) {
        boolean there = !admin.query("SELECT datname FROM pg_database WHERE datname = '" + key.database()
                        + "' AND NOT datallowconn AND pg_has_role(datdba, 'USAGE')")
                .isEmpty();
        if (there) {
            admin.execute("COMMENT ON DATABASE " + key.database() + " IS '" + mark() + "'");
        }
        return there;
    }

    /** Makes the database, in place of what a maker who was killed may have left. */
    void begin(PostgresAdmin builder, TemplateKey key, String parent) {
        builder.execute("DROP DATABASE IF EXISTS " + key.building() + " WITH (FORCE)");
        builder.executeWhenUnused("CREATE DATABASE " + key.building() + " OWNER " + owner + " TEMPLATE " + parent);
    }

    void abandon(PostgresAdmin builder, TemplateKey key, Throwable reason) {
        try {
            builder.execute("DROP DATABASE IF EXISTS " + key.building() + " WITH (FORCE)");
        } catch (RuntimeException e) {
            reason.addSuppressed(e);
        }
    }

    /** Seals the database, which takes it from its owner, and gives it its name at last. */
    void complete(PostgresAdmin builder, TemplateKey key) {
        String database = key.building();
        builder.execute("ALTER DATABASE " + database + " ALLOW_CONNECTIONS false");
        builder.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + database + "'");
        builder.execute("ALTER DATABASE " + database + " OWNER TO CURRENT_USER; COMMENT ON DATABASE " + database
                + " IS '" + mark() + "'");
        builder.executeWhenUnused("ALTER DATABASE " + database + " RENAME TO " + key.database());
    }

    private static String mark() {
        return MARK + "used at " + Instant.now().truncatedTo(ChronoUnit.SECONDS);
    }
}
