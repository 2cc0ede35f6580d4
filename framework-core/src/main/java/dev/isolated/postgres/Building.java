package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Tenant;
import java.util.concurrent.ThreadLocalRandom;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/** A template's database while its last layer is being made. Used by one thread. */
final class Building implements AutoCloseable {

    /** Higher than any slice's number, which is in a role's name too. */
    private static final int FIRST_NUMBER = 1_000_000;

    private final PostgresAdmin inside;
    private final String database;
    private final String owner;
    private final String run;
    private final Tenant tenant;
    private @Nullable Login login;
    private @Nullable UrlToken token;

    /** @param owner the role to whom everything in it belongs, and which is no superuser */
    Building(PostgresAdmin inside, String database, String owner, String run, Layer layer) {
        this.inside = inside;
        this.database = database;
        this.owner = owner;
        this.run = run;
        tenant = new Tenant(layer.describe());
    }

    /** Runs statements as the owner of what they make. */
    void asOwner(String sql) {
        inside.execute("SET ROLE " + owner);
        inside.execute(sql);
        inside.execute("RESET ROLE");
    }

    /** Runs statements as the server's administrator. */
    void asAdministrator(String sql) {
        inside.execute(sql);
    }

    /** What code of the user's works with; its connections act as the owner, and end with the layer. */
    Postgres handle() {
        Login there = login();
        var fresh = new UrlToken(new DirectDoor(there, tenant.name()));
        token = fresh;
        return new Postgres(tenant, there, direct(there), there::url, fresh::isolatedUrl);
    }

    private static DataSource direct(Login login) {
        var source = new PGSimpleDataSource();
        source.setURL(login.url());
        source.setUser(login.user());
        source.setPassword(login.password().reveal());
        return source;
    }

    /** A role that becomes the owner as soon as it has logged in; what a killed maker leaves of it is swept as a slice's. */
    private Login login() {
        Login known = login;
        if (known == null) {
            int number = ThreadLocalRandom.current().nextInt(FIRST_NUMBER, Integer.MAX_VALUE);
            var name = "isolated_" + run + "_" + number;
            known = new Login(inside.endpoint(), database, name, Secret.random());
            inside.execute("CREATE ROLE " + name + " LOGIN PASSWORD '" + inside.passwordFor(known.password())
                    + "' IN ROLE " + owner + "; COMMENT ON ROLE " + name + " IS '" + Estate.mark(run)
                    + "'; ALTER ROLE " + name + " SET role = " + owner);
            login = known;
        }
        return known;
    }

    /** Takes the log-in away, and ends what is still connected with it. */
    @Override
    public void close() {
        tenant.end();
        if (token != null) {
            token.revoke();
        }
        if (login != null) {
            String name = login.user();
            inside.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '" + name + "'");
            inside.execute("DROP ROLE " + name);
        }
    }
}
