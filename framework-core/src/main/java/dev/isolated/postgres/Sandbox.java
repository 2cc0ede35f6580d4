package dev.isolated.postgres;

import dev.isolated.postgres.Standing.Effect;
import dev.isolated.spi.Tenant;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The one transaction beneath all connections of a test; it is always rolled back. Thread-safe: whoever has the
 * {@link Turn} changes its standing.
 */
final class Sandbox {

    private static final System.Logger LOGGER = System.getLogger("dev.isolated.postgres");
    private static final Duration LAST_GRACE = Duration.ofSeconds(5);
    private static final Set<String> KNOWN_PARAMETERS =
            Set.of("user", "database", "client_encoding", "DateStyle", "extra_float_digits", "application_name");

    private final PhysicalConnection physical;
    private final Tenant tenant;
    private final Turn turn;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Map<Integer, Session> sessions = new ConcurrentHashMap<>();
    private final Set<SandboxConnection> connections = ConcurrentHashMap.newKeySet();
    private final Queue<String> abandonedStatements = new ConcurrentLinkedQueue<>();
    private volatile Standing standing = Standing.UNTOUCHED;
    private volatile boolean used;
    private volatile boolean tainted;
    private volatile boolean undoing;
    private volatile @Nullable String broken;

    Sandbox(PhysicalConnection physical, Tenant tenant, Duration patience) {
        this.physical = physical;
        this.tenant = tenant;
        turn = new Turn(tenant, patience);
    }

    /** A new connection of the code under test. */
    Session connect() {
        return new Session(this, numbers.incrementAndGet());
    }

    /**
     * Ends everything: reports what was left open, waits for a running statement, cancels it when the grace is over, and
     * begins to roll back; {@link #awaitEnd()} is the end of that.
     *
     * @throws IOException when the connection is of no further use, with the reason
     */
    void end(Duration grace) throws IOException {
        if (!turn.awaitSilence(grace)) {
            silence();
        }
        sessions.values().forEach(session -> tenant.report("a connection " + session.opened()));
        connections.forEach(SandboxConnection::reportOpenStatements);
        requireIntact();
        if (used) {
            undo();
        }
    }

    /** Waits until the server has rolled back. */
    void awaitEnd() throws IOException {
        if (undoing) {
            physical.readTimeout((int) LAST_GRACE.toMillis());
            if (physical.awaitReady() != 'I') {
                throw new IOException("the transaction of " + tenant.name() + " did not end");
            }
            undoing = false;
        }
    }

    /** Has a connection's open statements reported at the end, until it is closed. */
    void track(SandboxConnection connection) {
        connections.add(connection);
    }

    void untrack(SandboxConnection connection) {
        connections.remove(connection);
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

    void forget(Session session, List<String> statements) {
        sessions.remove(session.number());
        abandonedStatements.addAll(statements);
    }

    /** Under the turn: has the server forget what closed connections have prepared; how many messages that took. */
    int closeAbandoned(WireWriter out) {
        int count = 0;
        for (String name = abandonedStatements.poll(); name != null; name = abandonedStatements.poll()) {
            Wire.closeStatement(out, name);
            count++;
        }
        return count;
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
        Session session = sessions.get(number);
        if (session != null) {
            session.cancel();
        }
    }

    void cancel(Session session) {
        turn.cancel(session, () -> {
            try {
                physical.cancel();
            } catch (SQLException e) {
                LOGGER.log(System.Logger.Level.WARNING, "{0} could not be cancelled: {1}", session, e.getMessage());
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

    /** What a server says when a connection is accepted. */
    void greet(Session session, WireWriter out) {
        sessions.put(session.number(), session);
        out.begin('R').int32(0).end();
        physical.parameters()
                .forEach((name, value) -> out.begin('S').text(name).text(value).end());
        out.begin('K').int32(physical.backendPid()).int32(session.number()).end();
        Wire.ready(out, 'I');
    }

    /** Refuses start-up parameters that would make this connection differ from the others. */
    void requireStartable(byte[] bytes, int from, int end) throws Refusal {
        if (tenant.ended()) {
            throw new Refusal("57P01", tenant.whatEnded().toString(), "");
        }
        int at = from;
        while (at < end && bytes[at] != 0) {
            String name = Wire.text(bytes, at);
            at = Wire.textEnd(bytes, at) + 1;
            String value = Wire.text(bytes, at);
            at = Wire.textEnd(bytes, at) + 1;
            if (name.equals("user") && !value.equals(physical.parameters().get("session_authorization"))) {
                throw new Refusal("28000", "role \"" + value + "\" is not the role of " + tenant.name(), "");
            }
            if (!KNOWN_PARAMETERS.contains(name)
                    && !value.equals(physical.parameters().get(name))) {
                throw new Refusal(
                        "0A000",
                        "the connection parameter " + name + "=" + value
                                + " is not possible in TRANSACTION isolation, in " + tenant.name()
                                + ", where all connections share one session",
                        "Use a statement such as SET LOCAL, or DATABASE isolation.");
            }
        }
    }

    private void silence() throws IOException {
        Session busy = turn.onWire();
        if (busy != null) {
            tenant.report("a running statement, cancelled, on a connection " + busy.opened());
            busy.cancel();
            busy.drain();
        }
        if (!turn.awaitSilence(LAST_GRACE)) {
            throw new IOException("a statement of " + tenant.name() + " did not end when it was cancelled");
        }
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

    private void undo() throws IOException {
        var out = new WireWriter();
        if (standing.transaction()) {
            Command.ROLLBACK.execute(out);
        }
        sessions.values().forEach(session -> abandonedStatements.addAll(session.statementNames()));
        closeAbandoned(out);
        Command.FREE_ADVISORY_LOCKS.execute(out);
        Command.FORGET_SEQUENCES.execute(out);
        Wire.sync(out);
        physical.send(out);
        undoing = true;
    }
}
