package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is done in the place of transaction control, and what is said around units, decided from how the session's
 * transaction will stand when its turn comes. Guarded by its session.
 */
final class Emulation {

    private final Sandbox sandbox;
    private final Upkeep upkeep;
    private final Flight flight;
    private final Prepared prepared;
    private final int number;
    private Block block = new Block();
    private Block planned = block;
    private boolean pipelined;

    /** @param number which of the sandbox's connections the session is */
    Emulation(Sandbox sandbox, Upkeep upkeep, Flight flight, Prepared prepared, int number) {
        this.sandbox = sandbox;
        this.upkeep = upkeep;
        this.flight = flight;
        this.prepared = prepared;
        this.number = number;
    }

    /** The session has got the wire, and the transaction stands so. */
    void begin(Standing confirmed) {
        if (confirmed.closed()) {
            block = new Block();
        }
        planned = block;
        pipelined = false;
        upkeep.begin();
    }

    /** What opens a unit, ahead of what the application sends; nothing where one is open. */
    void openUnit(Consumer<List<Interjection>> out) {
        if (flight.planned().closed()) {
            List<Interjection> opening =
                    upkeep.opening(flight.planned(), sandbox.overlap().none());
            if (opening.isEmpty()) {
                flight.expect(Expected.UNIT_OPENED);
            } else {
                sandbox.turn().opening();
                out.accept(opening);
                flight.expect(Expected.UNIT_OPENED.then(sandbox.turn()::opened));
            }
        }
    }

    /** What has been said, and done, in the session's open transaction block. */
    Block block() {
        return block;
    }

    /** The server is about to read it. */
    void read(Part part) {
        if (part.control().taints()) {
            sandbox.taint();
        }
        if (part.locksRows()) {
            sandbox.overlap().noteRowLocks();
        }
    }

    /** It is about to be executed. */
    void begun(Part part) {
        sandbox.history().begun(number, part.sql());
    }

    /** A portal has got a name. */
    void opensCursor() {
        block.opensCursor();
        planned.opensCursor();
    }

    /**
     * What to do in place of a statement, or null where the server shall have the statement itself.
     *
     * @param several whether it is one of several of a simple query
     */
    @Nullable Instead instead(Part part, boolean several) {
        Control control = part.control();
        String test = sandbox.tenant().name();
        boolean failed = flight.planned().phase() == Phase.FAILED;
        String objection = failed ? "" : sandbox.overlap().objection(part);
        if (!objection.isEmpty()) {
            return Instead.refused(flight.planned(), objection);
        }
        boolean inBlock = flight.planned().phase() != Phase.IMPLICIT || inImplicitBlock(several);
        var own = failed ? null : upkeep.instead(part.traits(), inBlock, test);
        if (own != null) {
            pipelined = !own.effect().keeps() && control.pipelinedAfter(pipelined);
            if (own.tag().equals(Traits.DISCARD_ALL)) {
                flight.closeStatements(prepared.closeAll());
            }
            return own;
        }
        if (inImplicitBlock(several) && control.contentWithImplicitBlock()) {
            plan(control, failed);
            return null;
        }
        if (planned.undoesCarried(control, failed)) {
            return undoesCarried();
        }
        if (sandbox.overlap().stacked() && control.returnsTo() && !planned.knows(control.savepoint())) {
            return Instead.noSavepoint(control);
        }
        var instead =
                Instead.of(part, flight.planned(), planned.cursors(), planned.chainsReadOnly(control, failed), test);
        if (instead == null) {
            plan(control, failed);
            return null;
        }
        if (failed && control.commits()) {
            noteLostCommit();
        }
        boolean closes = control.undoes(failed) && planned.oldCursors();
        boolean forgotten = failed && !planned.savepoints();
        plan(control, failed);
        if (control.chains()) {
            upkeep.chains(!control.undoes(failed), forgotten);
        }
        if (control.kind() == Kind.DEALLOCATE_ALL) {
            flight.closeStatements(prepared.closeAll());
        }
        return instead.ending(closes, sandbox.overlap().cursors()).beginning(upkeep.beginning());
    }

    /** What the success of a statement that the server has itself does to the standing. */
    Effect effect(Part part) {
        boolean mends =
                flight.planned().phase() == Phase.FAILED && part.control().kind() == Kind.ROLLBACK_TO;
        return mends ? Effect.UNIT_MENDED : Effect.NONE;
    }

    /** The server, too, answers such a commit without an error, and drivers hide that it was none. */
    private void noteLostCommit() {
        Log.LOGGER.log(
                System.Logger.Level.INFO,
                "connection {0} of {1} commits a transaction that has failed; it is rolled back, as by any server. The last"
                        + " error was: {2}",
                number,
                sandbox.tenant().name(),
                sandbox.physical().lastError());
    }

    /** Whether it begins a transaction block, and cannot fail. */
    boolean begins(Part part) {
        return part.control().kind() == Kind.BEGIN
                && !part.control().readOnly()
                && part.traits().none()
                && flight.planned().closed()
                && !overlaps();
    }

    /** What a statement will have said of its block once it has succeeded, as those that are sent behind it presume. */
    private void plan(Control control, boolean failed) {
        pipelined = control.pipelinedAfter(pipelined);
        if (!control.equals(Control.PLAIN)) {
            planned = planned.copy();
            planned.note(control, failed);
        }
    }

    /** To be done when everything so far has succeeded. */
    Runnable confirming() {
        Block confirmed = planned;
        return Expected.both(confirmed == block ? Expected.NOTHING : () -> block = confirmed, upkeep.confirming());
    }

    /** What cannot be undone alone is not undone at all, and the sandbox says so from now on. */
    private Instead undoesCarried() {
        String reason = OverlapMessages.undoes(sandbox, planned);
        sandbox.giveUp(reason);
        return Instead.refused(flight.planned(), reason);
    }

    /** Whether it can be undone, or lets something be undone, only by a savepoint that is not set yet. */
    boolean lacksSavepoint(Part part, boolean several) {
        return part.control().needsSavepoint()
                && (flight.planned().phase() == Phase.EXPLICIT || inImplicitBlock(several))
                && !flight.planned().savepoint();
    }

    /** Several statements without a block of the application's are one: of a simple query, or before a {@code Sync}. */
    private boolean inImplicitBlock(boolean several) {
        return (several || pipelined) && flight.planned().phase() == Phase.IMPLICIT;
    }

    /** What is said before an autocommit unit is kept. */
    List<Interjection> unitEnd() {
        if (flight.planned().phase() != Phase.IMPLICIT) {
            return List.of();
        }
        List<Interjection> closing = upkeep.closing(false, this::closeCursors);
        return planned.cursors()
                ? Stream.concat(Stream.of(closeCursors()), closing.stream()).toList()
                : closing;
    }

    /** What is said before the application's unit is kept, where that is what is done. */
    List<Interjection> closing(Instead instead) {
        return instead.effect().keeps()
                ? upkeep.closing(instead.effect() == Effect.UNIT_CHAINED, this::closeCursors)
                : List.of();
    }

    private Interjection closeCursors() {
        return Interjection.sql(Cursors.closing(sandbox.overlap().cursors()));
    }

    /** What is to be done at the end of an exchange: an autocommit unit ends, and overlaps are looked into. */
    List<Interjection> tail() {
        return Stream.concat(unitEnd().stream(), overlapCheck().stream().map(Interjection::sql))
                .toList();
    }

    List<String> overlapCheck() {
        return overlaps() && flight.planned().lasts()
                ? List.of(sandbox.overlap().check())
                : List.of();
    }

    /** Whether another transaction is open beneath the session's. */
    boolean overlaps() {
        return sandbox.overlap().stacked();
    }
}
