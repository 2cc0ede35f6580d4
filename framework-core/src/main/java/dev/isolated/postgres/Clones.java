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

    /** Whether nothing seems to have been written, seen from outside. */
    boolean seemsUntouched(Clone clone) {
        return comparable && look(clone).traces().equals(clone.pristine().traces());
    }

    /**
     * Gives an untouched database another name, another role's name and another password. The server does so only when
     * nobody is connected, and lets nobody in by the old name afterwards, not even who is just on the way.
     */
    Clone renamed(Clone clone) {
        Login login = login();
        String name = login.database();
        admin.execute("ALTER DATABASE " + clone.name() + " RENAME TO " + name + "; ALTER ROLE " + clone.name()
                + " RENAME TO " + name + "; ALTER ROLE " + name + " PASSWORD '" + admin.passwordFor(login.password())
                + "'");
        return new Clone(login, clone.pristine());
    }

    /** Whether nothing was written to a database that nobody can have reached since it was renamed. */
    boolean isUntouched(Clone clone) {
        Imprint now = look(clone);
        return now.traces().equals(clone.pristine().traces())
                && (now.sessions().equals(clone.pristine().sessions()) || sequencesAreUntouched(clone));
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

    /** Replaces a database by one of the same name, for the same role, made from a copy of it. */
    void restore(Clone clone, Template copy) {
        estate.remake(clone.name(), copy);
    }

    private Imprint look(Clone clone) {
        return Imprint.of(clone.name(), admin, "");
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
        return sequences.isPresent() && read(clone).equals(sequences);
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
