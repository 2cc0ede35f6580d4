package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Server;
import dev.isolated.spi.Tls;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Keeps databases of failed tests for some time, each for the user whose pass file opens it. When that is over, the sweep of
 * any run removes them. Thread-safe.
 */
final class Keeper {

    private final Server server;
    private final PostgresAdmin admin;
    private final Duration time;

    Keeper(Server server, PostgresAdmin admin, Duration time) {
        this.server = server;
        this.admin = admin;
        this.time = time;
    }

    /**
     * How a database is got at that is kept.
     *
     * @param password of its role from then on, so that what still runs of its test cannot change it any more
     */
    record Access(String database, Secret password, Instant until, String description) {}

    /** Makes the pass file; the database is kept when its test has let go of it. */
    Access access(String database) {
        Instant until = Instant.now().plus(time).truncatedTo(ChronoUnit.SECONDS);
        var password = Secret.random();
        Endpoint at = server.endpoint();
        PassFile file = PassFile.of(database);
        try {
            file.write(new Login(at, database, password));
        } catch (IOException e) {
            throw file.failed("write", e);
        }
        String description = "its database is kept until " + until
                + (server.tenure().ours() ? ", or until the server stops" : "") + ":\nPGPASSFILE='" + file.path()
                + "' psql 'host=" + at.host() + " port=" + at.port() + " user=" + database + " dbname=" + database
                + (at.tls() == Tls.OFF ? "" : " sslmode=require") + "'";
        return new Access(database, password, until, description);
    }

    /** From now on the database belongs to no run. */
    void keep(Access access) {
        String name = access.database();
        String comment = " IS '" + Estate.keptUntil(access.until()) + "'";
        admin.execute("ALTER ROLE " + name + " PASSWORD '" + admin.passwordFor(access.password())
                + "'; COMMENT ON ROLE " + name + comment + "; COMMENT ON DATABASE " + name + comment);
    }

    /** Those whose time is over. */
    static List<String> expired(Estate estate) {
        return estate.keptUpTo(Instant.now());
    }

    /** Removes such a database and, if it is here, what opens it. */
    static void remove(Estate estate, String database) {
        estate.remove(database);
        PassFile file = PassFile.of(database);
        try {
            file.delete();
        } catch (IOException e) {
            throw file.failed("delete", e);
        }
    }
}
