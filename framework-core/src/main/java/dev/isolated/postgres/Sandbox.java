package dev.isolated.postgres;

import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
    private final History history = new History();
    private final Ending ending;
    private final SharedSession shared;
    private final Reports reports;
    private final Overlap overlap;
    private volatile @Nullable Mark mark;
    private volatile Standing standing = Standing.UNTOUCHED;
    private volatile boolean used;
    private volatile boolean tainted;
    private volatile @Nullable String broken;

    Sandbox(PhysicalConnection physical, Tenant tenant, Duration patience, Isolation isolation) {
        this.physical = physical;
        this.tenant = tenant;
        turn = new Turn(tenant, history, patience);
        ending = new Ending(physical, tenant, turn);
        shared = new SharedSession(isolation, physical.deferrable(), physical.temporariesInFunctions());
        reports = new Reports(physical.parameters());
        overlap = new Overlap(this, physical);
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
        ending.silence(grace, tenant::report);
        open.report(tenant);
        requireIntact();
        if (used) {
            ending.undo(standing, open, sequences);
        }
    }

    /**
     * Makes what is there now the state that {@link #rewind} goes back to.
     *
     * @throws SQLException when the server refuses
     */
    void mark(Duration grace) throws IOException, SQLException {
        requireIntact();
        used = true;
        between(grace, () -> {
            mark = Mark.set(this);
            shared.mark();
        });
    }

    /** Goes back to the mark; what had to be ended for that is returned. */
    List<String> rewind(Duration grace) throws IOException, SQLException {
        Mark target = Objects.requireNonNull(mark, "there is no mark to go back to");
        var ended = new ArrayList<String>();
        ending.silence(grace, ended::add);
        requireIntact();
        between(grace, () -> {
            for (Session session : overlap.dismiss()) {
                ended.add("a transaction, rolled back, on a connection " + session.opened());
                session.undo();
            }
            turn.dismiss();
            target.rewind();
            shared.rewind();
        });
        return ended;
    }

    private void between(Duration grace, Turn.Interlude interlude) throws IOException, SQLException {
        try {
            if (!turn.between(grace, interlude)) {
                throw new IOException("a statement is still running");
            }
        } catch (IOException | SQLException e) {
            giveUp("its state is not known: " + e.getMessage());
            throw e;
        }
    }

    /** Whether the session has a transaction open, which may be suspended. */
    boolean inTransaction(Session session) {
        return turn.owner() == session || overlap.suspended(session);
    }

    boolean marked() {
        return mark != null;
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

    History history() {
        return history;
    }

    PhysicalConnection physical() {
        return physical;
    }

    Standing standing() {
        return standing;
    }

    Overlap overlap() {
        return overlap;
    }

    /**
     * Puts a session on the wire.
     *
     * @param timeoutMillis how long its driver waits for an answer; 0 is for ever
     * @throws SocketTimeoutException when that is over while another one is there
     */
    void enter(Session session, int timeoutMillis) throws Refusal, SocketTimeoutException {
        requireUseful();
        turn.enter(session, timeoutMillis);
        admit(session);
    }

    /** The same where nobody else is on the wire, waits for it, or has a transaction open; whether that is so. */
    boolean enterIfIdle(Session session) throws Refusal {
        requireUseful();
        boolean entered = turn.enterIfIdle(session);
        if (entered) {
            admit(session);
        }
        return entered;
    }

    private void admit(Session session) throws Refusal {
        used = true;
        try {
            overlap.admit(session);
            if (session.takeFailure() && standing.phase() == Phase.EXPLICIT) {
                overlap.fail();
            }
            requireUseful();
            turn.admitted();
        } catch (Refusal e) {
            turn.leave(overlap.next());
            throw e;
        } catch (IOException e) {
            giveUp("the server did not let transactions overlap: " + e.getMessage());
            turn.leave(overlap.next());
            throw new Refusal("08006", String.valueOf(e.getMessage()), "");
        }
    }

    private void requireUseful() throws Refusal {
        String reason = whyUseless();
        if (reason != null && !tenant.ended()) {
            throw new Refusal(
                    "08006", "the connection beneath " + tenant.name() + " is of no further use: " + reason, "");
        }
    }

    void leave(Session session, boolean gone) {
        if (gone && overlap.current(session)) {
            abandon(session.block());
        }
        turn.leave(overlap.next());
    }

    /** A session closes while it is not on the wire: the transaction that it has open, if any, will be undone. */
    void abandonUnit(Session session) {
        overlap.abandon(session);
        if (turn.idlesInUnit(session)) {
            leave(session, true);
        }
    }

    /** Under the turn: the connection is gone whose transaction is open. */
    void abandon(Block block) {
        if (!block.carried().isEmpty()) {
            giveUp(OverlapMessages.undoes(this, block));
        }
        standing = standing.abandoned();
    }

    /** Under the turn: it is another unit that is open. */
    void stand(Standing other) {
        standing = other;
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
        turn.cancel(session, new Cancelling(physical, session));
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

    /** Why the connection beneath is of no further use, or null. */
    @Nullable String whyUseless() {
        IOException lost = physical.lost();
        return broken == null && lost != null ? lost.getMessage() : broken;
    }
}
