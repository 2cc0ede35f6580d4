package dev.isolated.postgres;

import static java.util.Objects.requireNonNull;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import dev.isolated.spi.Origin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The open transactions of one thread's connections. One that has written nothing is <em>parked</em>: its unit ends, and
 * it gets another when it goes on. Above one that has, the next is <em>stacked</em> on a savepoint of its own, and watched.
 * Used under the turn, but for what is said to be thread-safe.
 */
final class Overlap {

    private final Sandbox sandbox;
    private final Aside aside;
    private final BackendFacts backend;
    private final SuspendedTransactions suspended = new SuspendedTransactions();
    private @Nullable Session current;
    private @Nullable Watch watch;

    /** The number of the last session that was let in. */
    private int latest;

    /** Who is being let in, or was last. */
    private @Nullable Session entering;

    private boolean told;
    private volatile boolean rowLocks;

    Overlap(Sandbox sandbox, PhysicalConnection physical) {
        this.sandbox = sandbox;
        aside = new Aside(physical);
        backend = new BackendFacts(aside);
    }

    /** Somewhere in the test a statement locks rows; thread-safe. */
    void noteRowLocks() {
        rowLocks = true;
    }

    /** A session is on the wire: whose transaction is in its way steps aside, and its own, if it had to, comes back. */
    void admit(Session session) throws Refusal, IOException {
        if (current == session) {
            expectRowLocks(session);
            return;
        }
        if (current != null || !suspended.isEmpty()) {
            suspended.forgetParkedOfGone();
            entering = session;
            clearTheWay(session);
            resume(session);
        }
        current = session;
        latest = session.number();
    }

    /** Up to the first statement that locks rows, those that are locked are in nobody's way, whoever has looked at them. */
    private void expectRowLocks(Session session) throws IOException {
        if (watch != null && !rowLocks && !sandbox.standing().undone() && session.locksRows()) {
            watch = watch.anew(aside);
            rowLocks = true;
        }
    }

    /** A session is off the wire; who has the turn from now on, or null where everybody may. */
    @Nullable Session next() {
        if (sandbox.standing().closed()) {
            current = null;
        }
        if (current != null) {
            return current;
        }
        return suspended.next();
    }

    /** Whether the session's transaction is suspended; thread-safe. */
    boolean suspended(Session session) {
        return suspended.contains(session);
    }

    /** Whether no transaction has been suspended. */
    boolean none() {
        return suspended.isEmpty();
    }

    /** Forgets all transactions, which are undone together; the sessions that had them open. */
    List<Session> dismiss() {
        var sessions = new ArrayList<Session>();
        if (current != null && !sandbox.standing().closed()) {
            sessions.add(current);
        }
        sessions.addAll(suspended.dismiss());
        current = null;
        watch = null;
        told = false;
        rowLocks = false;
        return sessions;
    }

    /** Whether the open unit is the session's. */
    boolean current(Session session) {
        return current == session;
    }

    /** A session closes while its transaction is suspended, which will be undone; thread-safe. */
    void abandon(Session session) {
        suspended.abandon(session);
    }

    /** Whether the current unit is above another transaction's, so that it must not see or touch what that one did. */
    boolean stacked() {
        return watch != null;
    }

    /** Fails where the current unit has seen or touched what transactions beneath it did; empty where there are none. */
    String check() {
        Suspended below = suspended.below();
        return watch == null || below == null ? "" : watch.check(touched(said(), below), rowLocks);
    }

    /** The application has been told what {@link #check} has found. */
    void told() {
        told = true;
    }

    /** Why a statement that the server would let pass must not run beside other transactions; empty where it may. */
    String objection(Part part) {
        if (suspended.isEmpty()) {
            return "";
        }
        String reason = whyApart(part);
        return reason.isEmpty()
                ? ""
                : OverlapMessages.impossible(sandbox, said(), suspended.latest().block(), reason);
    }

    private String whyApart(Part part) {
        if (part.control().kind() == Kind.BLOCK_ONLY) {
            return "this one locks a whole table (LOCK TABLE)";
        }
        if (stacked() && !part.traits().changes().isEmpty()) {
            return "this one changes settings above it";
        }
        return stacked() && Watch.overlooks(part.sql())
                ? "this one may look at what it has written without the server's counting that (by ctid or TABLESAMPLE)"
                : "";
    }

    /** What is said in place of an error that only arises because both transactions are one; empty for any other. */
    String insteadOf(String sqlState, String table, String constraint) {
        Suspended below = suspended.below();
        return watch == null || below == null
                ? ""
                : watch.clash(sqlState, table, constraint)
                        .map(what -> touched(said(), below).replace(Watch.tables(), what))
                        .orElse("");
    }

    /** The cursors of suspended transactions, which go on. */
    List<String> cursors() {
        return suspended.cursors();
    }

    private void clearTheWay(Session session) throws Refusal, IOException {
        while (current != session) {
            if (sandbox.standing().closed()) {
                current = null;
                if (suspended.below() == null) {
                    return;
                }
                pop();
            } else if (suspend(session)) {
                return;
            }
        }
    }

    /** Suspends the current transaction; whether the session has been stacked above it. */
    private boolean suspend(Session session) throws Refusal, IOException {
        Session other = current;
        if (other == null) {
            return false;
        }
        Block block = other.block();
        if (sandbox.standing().phase() == Phase.FAILED) {
            parkFailed(other, block);
            return false;
        }
        require(!block.settings(), block, "it has changed settings, which this connection would have too");
        require(!block.tableLocks(), block, "it has locked a table as a whole");
        List<String> xids = backend.xids();
        List<String> cursors = backend.openCursors();
        if (ownXids(xids).isEmpty() && !block.savepoints()) {
            park(other, xids, cursors, Watch.over(aside, List.of()));
            sandbox.apply(Effect.UNIT_KEPT);
            return false;
        }
        require(
                !suspended.isBelow(session),
                block,
                "it has written, and lies above the transaction of this connection");
        boolean differ = other.upkeep().differs() || session.upkeep().differs();
        require(!differ, block, "it has written, and one of the two connections has settings of its own");
        require(
                !sandbox.shared().deferrable(),
                block,
                "it has written, and there are constraints that wait for its commit");
        require(
                !sandbox.shared().temporaries().changeInFunctions(),
                block,
                "it has written, and there are functions that make temporary tables which a commit drops or empties");
        stack(other, xids, cursors);
        return true;
    }

    /** All that is left to a transaction that has failed is to be undone, and the server has let its locks go already. */
    private void parkFailed(Session other, Block block) throws Refusal, IOException {
        require(!block.savepoints(), block, "it has failed, and may go back to a savepoint");
        require(
                block.carried().isEmpty(),
                block,
                "it has failed, and lies beneath a commit, of a transaction" + block.carried());
        park(other, List.of(), List.of(), null);
        sandbox.stand(sandbox.standing().abandoned());
    }

    private void park(Session other, List<String> xids, List<String> cursors, @Nullable Watch whileParked) {
        suspended.park(new Suspended(other, sandbox.standing(), xids, "", cursors, new Origin(), watch, whileParked));
    }

    private void stack(Session other, List<String> xids, List<String> cursors) throws Refusal, IOException {
        Block block = other.block();
        require(backend.counts(), block, "the server does not count what statements touch (track_counts is off)");
        Suspended below = suspended.below();
        String since = below == null ? "" : below.since();
        List<String> own = ownXids(xids);
        since = since.isEmpty() && !own.isEmpty() ? own.get(0) : since;
        List<Footprint.Table> tables = List.of();
        if (!since.isEmpty()) {
            Footprint.Hidden hidden = Footprint.hidden(aside);
            require(
                    !hidden.places(),
                    block,
                    "it has written, and there are functions or views that reach rows by ctid");
            rowLocks |= hidden.rowLocks();
            Footprint footprint = Footprint.of(aside, new Footprint.Span(xids.get(0), since), clean(block));
            require(!footprint.schemaChanged(), block, "it has changed the schema");
            tables = footprint.tables();
        }
        Watch wider = Watch.over(aside, tables);
        suspended.push(new Suspended(other, sandbox.standing(), xids, since, cursors, new Origin(), watch, null));
        watch = wider;
        sandbox.stand(Standing.BEGUN);
    }

    /** What is known not to be of this transaction or of one beneath it. */
    private Map<String, String> clean(Block block) {
        var clean = new HashMap<>(block.clean());
        suspended.stacked().forEach(below -> below.block().clean().forEach(clean::putIfAbsent));
        return clean;
    }

    /** The stacked unit has ended: what it kept now belongs to the transaction beneath, which is current again. */
    private void pop() throws IOException {
        Suspended below = requireNonNull(suspended.below());
        Standing standing = sandbox.standing();
        if (standing.phase() == Phase.SPOILT) {
            run(List.of(Command.ROLLBACK_TO));
        }
        requireUntouched(this::said, watch, below);
        if (standing.phase() == Phase.KEPT) {
            carry(below);
        }
        if (standing.savepoint()) {
            run(List.of(Command.RELEASE));
        }
        boolean gone = suspended.pop();
        sandbox.stand(below.standing());
        // Anew, because looking for what was written has raised what is counted.
        watch = below.outer() == null ? null : below.outer().anew(aside);
        told = false;
        current = below.session();
        if (gone) {
            sandbox.abandon(below.block());
        }
    }

    private void requireUntouched(Supplier<String> statement, @Nullable Watch over, Suspended transaction)
            throws IOException {
        String touched = over == null || told ? "" : over.touched(aside, rowLocks);
        if (!touched.isEmpty()) {
            sandbox.giveUp(touched(statement.get(), transaction).replace(Watch.tables(), touched));
        }
    }

    /** What has been written and kept above a transaction goes where that goes. */
    private void carry(Suspended below) throws IOException {
        List<String> xids = backend.xids();
        if (!below.xids().containsAll(xids)) {
            Map<String, String> counts = Footprint.counted(aside, xids.get(0));
            Watch over = watch;
            counts.keySet().removeIf(oid -> over == null || over.written(oid));
            below.block().carry(below.place().of("begun"), counts);
        }
    }

    /** Gives a parked transaction a unit again. */
    private void resume(Session session) throws IOException {
        Suspended transaction = suspended.unpark(session);
        if (transaction == null) {
            return;
        }
        interject(session.upkeep().resuming(sandbox.standing()));
        requireUntouched(session::asks, transaction.whileParked(), transaction);
        boolean failed = transaction.standing().phase() == Phase.FAILED;
        if (session.block().readOnly(failed)) {
            run(
                    sandbox.standing().savepoint()
                            ? List.of(Command.READ_ONLY)
                            : List.of(Command.SAVEPOINT, Command.READ_ONLY));
        }
        sandbox.apply(Effect.UNIT_OPENED);
        sandbox.apply(Effect.UNIT_BEGUN);
        if (failed) {
            fail();
        }
        if (!transaction.cursors().isEmpty()) {
            session.block().keepCursors();
        }
    }

    /** The current transaction has failed, which the server has not been told. */
    void fail() throws IOException {
        aside.error(Refusal.raising("25P02", "the transaction has failed before", ""));
        sandbox.stand(sandbox.standing().settled(true));
    }

    private void interject(List<Interjection> interjections) throws IOException {
        if (!interjections.isEmpty()) {
            aside.query(SimpleQuery.sql(interjections));
            interjections.forEach(said -> {
                said.effects().forEach(sandbox::apply);
                said.done().run();
            });
        }
    }

    private void run(List<Command> commands) throws IOException {
        if (!commands.isEmpty()) {
            aside.query(commands.stream().map(Command::sql).collect(Collectors.joining("; ")));
            commands.forEach(command -> sandbox.apply(command.effect()));
        }
    }

    /** Those of them that are the current transaction's. */
    private List<String> ownXids(List<String> xids) {
        Suspended below = suspended.below();
        if (below != null) {
            return xids.stream().filter(xid -> !below.xids().contains(xid)).toList();
        }
        int others = sandbox.standing().first() ? 0 : sandbox.marked() ? 2 : 1;
        return xids.subList(Math.min(others, xids.size()), xids.size());
    }

    /** {@link Watch#tables} stands for what it is about. */
    private String touched(String statement, Suspended below) {
        return OverlapMessages.touched(sandbox, statement, below.block());
    }

    /** The last statement of the session that was let in last. */
    private String said() {
        return sandbox.history().latest(latest);
    }

    private void require(boolean possible, Block other, String reason) throws Refusal {
        if (!possible) {
            throw new Refusal(
                    "0A000",
                    OverlapMessages.impossible(sandbox, requireNonNull(entering).asks(), other, reason),
                    "");
        }
    }
}
