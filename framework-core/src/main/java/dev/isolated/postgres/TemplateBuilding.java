package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Tenant;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A template's database while its last layer is being made. Used by one thread. */
final class TemplateBuilding implements Building, AutoCloseable {

    /** Higher than any slice's number, which is in a role's name too. */
    private static final int FIRST_NUMBER = 1_000_000;

    private final PostgresAdmin inside;
    private final String database;
    private final String owner;
    private final String run;
    private final int most;
    private final Tenant tenant;
    private @Nullable DirectAccess access;

    /**
     * @param owner the role to whom everything in it belongs, and which is no superuser
     * @param most how many connections code of the user's may have at the same time
     */
    TemplateBuilding(PostgresAdmin inside, String database, String owner, String run, int most, Layer layer) {
        this.inside = inside;
        this.database = database;
        this.owner = owner;
        this.run = run;
        this.most = most;
        tenant = new Tenant(layer.describe());
    }

    @Override
    public void asOwner(String sql) {
        inside.execute("SET ROLE " + owner);
        inside.executeOnce(sql);
        inside.execute("RESET ROLE");
    }

    @Override
    public void asAdministrator(String sql) {
        inside.execute(sql);
    }

    /** By a role that becomes the owner as soon as it has logged in; what a killed maker leaves of it is swept as a slice's. */
    @Override
    public Postgres handle() {
        DirectAccess known = access;
        if (known == null) {
            String name = Estate.prefix(run) + ThreadLocalRandom.current().nextInt(FIRST_NUMBER, Integer.MAX_VALUE);
            var login = new Login(inside.endpoint(), database, name, Secret.random());
            inside.execute("CREATE ROLE " + name + inside.loginWith(login.password()) + " CONNECTION LIMIT " + most
                    + " IN ROLE " + owner + "; COMMENT ON ROLE " + name + " IS '" + Estate.mark(run) + "'; ALTER ROLE "
                    + name + " SET role = " + owner);
            known = DirectAccess.of(tenant, login, most);
            access = known;
        }
        return known.handle();
    }

    /** Takes the log-in away, and ends what is still connected with it. */
    @Override
    public void close() {
        tenant.end();
        if (access != null) {
            access.cutOff();
            String name = access.connections().login().user();
            inside.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + name + "'");
            inside.execute("DROP ROLE " + name);
        }
    }
}
