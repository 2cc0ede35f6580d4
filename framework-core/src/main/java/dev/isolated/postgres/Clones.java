package dev.isolated.postgres;

import dev.isolated.settings.Secret;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes, judges and removes the databases of DATABASE mode. No two have the same name, so that what led to one never leads
 * to another. Thread-safe.
 */
final class Clones {

    private final Server server;
    private final PostgresAdmin admin;
    private final Estate estate;
    private final Template template;
    private final String prefix;
    private final int connections;
    private final boolean comparable;
    private final AtomicInteger made = new AtomicInteger();
    private Optional<String> sequences = Optional.empty();
    private boolean learnt;

    Clones(Server server, Plan plan, PostgresAdmin admin, Estate estate, Template template) {
        this.server = server;
        this.admin = admin;
        this.estate = estate;
        this.template = template;
        prefix = Estate.prefix(plan.run());
        connections = plan.settings().get(PostgresKeys.CONNECTIONS);
        comparable = Imprint.tellsAll(admin);
    }

    int connections() {
        return connections;
    }

    Clone fresh() {
        Login login = login();
        String limited = admin.loginWith(login.password()) + " CONNECTION LIMIT " + connections;
        estate.make(login.database(), limited, template);
        try {
            var clone = new Clone(
                    login, Imprint.of(login.database(), admin, Estate.sealing(login.database(), template) + "; "));
            if (comparable) {
                learnSequences(clone);
            }
            return clone;
        } catch (RuntimeException e) {
            estate.removeAfter(e, login.database());
            throw e;
        }
    }

    void endSessions(Clone clone, DirectConnections ended) {
        Sessions.end(admin, "datname = '" + clone.name() + "'", ended, "database " + clone.name());
    }

    /** A database under a name that nobody knows, and whether nothing was written to it under the old one. */
    record Renamed(Clone now, boolean untouched) {}

    /**
     * Gives a database another name, another role's name and another password, and looks at it in the same flight. The server
     * renames only what nobody is connected to, and lets nobody in by the old name afterwards, not even who is just on the
     * way, so that nothing can be written between looking and handing out.
     */
    Renamed renamed(Clone clone) {
        Login login = login();
        String name = login.database();
        String renaming = "ALTER DATABASE " + clone.name() + " RENAME TO " + name + "; ALTER ROLE " + clone.name()
                + " RENAME TO " + name + "; ALTER ROLE " + name + " PASSWORD '" + admin.passwordFor(login.password())
                + "'; ";
        Imprint seen = Imprint.of(name, admin, renaming);
        var renamed = new Clone(login, clone.pristine());
        boolean untouched = seen.traces().equals(clone.pristine().traces())
                && (seen.sessions().equals(clone.pristine().sessions()) || sequencesAreUntouched(renamed));
        return new Renamed(renamed, untouched);
    }

    /** Whether this server can tell an untouched database from others. */
    boolean comparable() {
        return comparable;
    }

    void remove(Clone clone) {
        estate.remove(clone.name());
    }

    /** A copy of a database, from which all sessions are ended for that; nobody can enter it. */
    Template copy(Clone clone, DirectConnections ended) {
        String name = login().database();
        // Clients that connect again by themselves would keep it from being copied.
        admin.execute("ALTER DATABASE " + clone.name() + " ALLOW_CONNECTIONS false");
        endSessions(clone, ended);
        estate.makeSealed(name, " NOLOGIN", new Template(clone.name(), "", List.of()));
        var replay = new ArrayList<>(Replay.of(admin, clone.name(), clone.name()));
        replay.addAll(Replay.ofRole(admin, clone.name()));
        admin.execute("ALTER DATABASE " + clone.name() + " ALLOW_CONNECTIONS true");
        return new Template(name, "", replay);
    }

    /** The same database, which is pristine as it is now. */
    Clone asItIs(Clone clone) {
        return new Clone(clone.login(), Imprint.of(clone.name(), admin, ""));
    }

    /** Replaces a database by one of the same name, for the same role, made from a copy of it. */
    void restore(Clone clone, Template copy) {
        estate.remake(clone.name(), copy);
    }

    private Login login() {
        return new Login(server.endpoint(), prefix + made.incrementAndGet(), Secret.random());
    }

    /** All clones begin alike, so that one tells of all. */
    private synchronized void learnSequences(Clone clone) {
        if (!learnt) {
            sequences = read(clone);
            learnt = true;
        }
    }

    private synchronized boolean sequencesAreUntouched(Clone clone) {
        // Where there were none and nothing was written, there are none.
        return sequences.isPresent()
                && (sequences.get().isEmpty() || read(clone).equals(sequences));
    }

    private static Optional<String> read(Clone clone) {
        try {
            return SequenceValues.read(clone.login());
        } catch (SQLException | IOException e) {
            String task = "look into database " + clone.name();
            throw new LogInFailure(task, clone.login().server(), clone.name(), clone.name(), e).exception();
        }
    }
}
