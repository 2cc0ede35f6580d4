package dev.isolated.postgres;

import dev.isolated.postgres.Standing.Effect;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction beneath all connections of a test; it is always rolled back. Thread-safe: whoever has the
 * {@link Turn} changes its standing.
 */
final class Sandbox {

    private final PhysicalConnection physical;
    private final Tenant tenant;
    private final Turn turn;
    private final AtomicInteger numbers = new AtomicInteger();
    private final OpenThings open = new OpenThings();
    private final Ending ending;
    private final SharedSession shared;
    private final Reports reports;
    private volatile Standing standing = Standing.UNTOUCHED;
    private volatile boolean used;
    private volatile boolean tainted;
    private volatile @Nullable String broken;

    Sandbox(PhysicalConnection physical, Tenant tenant, Duration patience, Isolation isolation) {
        this.physical = physical;
        this.tenant = tenant;
        turn = new Turn(tenant, patience);
        ending = new Ending(physical, tenant, turn);
        shared = new SharedSession(isolation, physical.deferrable());
        reports = new Reports(physical.parameters());
    }

    /** A new connection of the code under test. */
    Session connect() {
        return new Session(this, numbers.incrementAndGet());
    }

    /**
     * Ends everything: reports what was left open, waits for a running statement, cancels it when the grace is over, and
     * begins to roll back; {@link #awaitEnd()} is the end of that.
     *
     * @param sequences what sets the sequences back; empty where they stay
     * @throws IOException when the connection is of no further use, with the reason
     */
    void end(Duration grace, String sequences) throws IOException {
        ending.silence(grace);
        open.report(tenant);
        requireIntact();
        if (used) {
            ending.undo(standing, open, sequences);
        }
    }

    /** Waits until the server has rolled back. */
    void awaitEnd() throws IOException {
        ending.await();
    }

    /** Whether something was done that a rollback does not undo. */
    boolean tainted() {
        return tainted;
    }

    void taint() {
        tainted = true;
    }

    Tenant tenant() {
        return tenant;
    }

    Turn turn() {
        return turn;
    }

    OpenThings open() {
        return open;
    }

    /** What the connections have in common. */
    SharedSession shared() {
        return shared;
    }

    Reports reports() {
        return reports;
    }

    PhysicalConnection physical() {
        return physical;
    }

    Standing standing() {
        return standing;
    }

    void enter(Session session) throws Refusal {
        String reason = whyUseless();
        if (reason != null && !tenant.ended()) {
            throw new Refusal(
                    "08006", "the connection beneath " + tenant.name() + " is of no further use: " + reason, "");
        }
        turn.enter(session);
        used = true;
    }

    void leave(Session session, boolean gone) {
        if (gone) {
            standing = standing.abandoned();
        }
        turn.leave(session, !standing.closed());
    }

    /** A session closes while it is not on the wire: the transaction that it has open, if any, will be undone. */
    void abandonUnit(Session session) {
        if (turn.idlesInUnit(session)) {
            leave(session, true);
        }
    }

    /** Under the turn: something that was sent has succeeded. */
    void apply(Effect effect) {
        standing = standing.after(effect);
    }

    /** Under the turn: the server is ready, and says how its transaction stands. */
    void settle(char status) {
        if (status == 'I' && !standing.equals(Standing.UNTOUCHED)) {
            giveUp("a statement has ended the sandbox's transaction");
        } else if (status == 'E' && standing.unprotected()) {
            giveUp("a cancel or a time limit struck between two units, and undid what the earlier ones had kept");
        }
        standing = standing.settled(status == 'E');
    }

    void cancel(int number) {
        Session session = open.session(number);
        if (session != null) {
            session.cancel();
        }
    }

    void cancel(Session session) {
        turn.cancel(session, () -> {
            try {
                physical.cancel();
            } catch (SQLException e) {
                Log.LOGGER.log(System.Logger.Level.WARNING, "{0} could not be cancelled: {1}", session, e.getMessage());
            }
        });
    }

    /** Notes that the connection must not be used by another test. */
    void giveUp(String reason) {
        if (broken == null) {
            broken = reason;
        }
    }

    /** The same, for a connection on which somebody is still waiting and shall not. */
    void cutOff(String reason) {
        giveUp(reason);
        physical.close();
    }

    private void requireIntact() throws IOException {
        String reason = whyUseless();
        if (reason != null) {
            throw new IOException(reason, physical.lost());
        }
    }

    private @Nullable String whyUseless() {
        IOException lost = physical.lost();
        return broken == null && lost != null ? lost.getMessage() : broken;
    }
}
