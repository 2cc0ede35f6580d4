package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The open transactions of one thread's connections. One that has written nothing is <em>parked</em>: its unit ends, and
 * it gets another when it goes on. Above one that has, the next is <em>stacked</em> on a savepoint of its own, and watched.
 * Used under the turn, but for what is said to be thread-safe.
 */
final class Overlap {

    private final Sandbox sandbox;
    private final Aside aside;
    private final Deque<Suspended> beneath = new ArrayDeque<>();
    private final Map<Session, Suspended> parked = new LinkedHashMap<>();
    private final Set<Session> suspended = ConcurrentHashMap.newKeySet();
    private final Set<Session> gone = ConcurrentHashMap.newKeySet();
    private @Nullable Session current;
    private @Nullable Watch watch;
    private boolean told;
    private volatile boolean rowLocks;

    Overlap(Sandbox sandbox, PhysicalConnection physical) {
        this.sandbox = sandbox;
        aside = new Aside(physical);
    }

    /** Somewhere in the test a statement locks rows; thread-safe. */
    void noteRowLocks() {
        rowLocks = true;
    }

    /** A session is on the wire: whose transaction is in its way steps aside, and its own, if it had to, comes back. */
    void admit(Session session) throws Refusal, IOException {
        if (current == session) {
            return;
        }
        if (current != null || !suspended.isEmpty()) {
            parked.keySet().removeIf(this::isGone);
            clearTheWay(session);
            resume(session);
        }
        current = session;
    }

    /** A session is off the wire; who has the turn from now on, or null where everybody may. */
    @Nullable Session next() {
        if (sandbox.standing().closed()) {
            current = null;
        }
        if (current != null) {
            return current;
        }
        return Stream.concat(beneath.stream(), reversed(parked))
                .map(Suspended::session)
                .filter(session -> !gone.contains(session))
                .findFirst()
                .orElse(null);
    }

    /** Whether the session's transaction is suspended; thread-safe. */
    boolean suspended(Session session) {
        return suspended.contains(session);
    }

    /** Forgets all transactions, which are undone together; the sessions that had them open. */
    List<Session> dismiss() {
        var sessions = new ArrayList<Session>();
        if (current != null && !sandbox.standing().closed()) {
            sessions.add(current);
        }
        suspended.stream().filter(session -> !gone.contains(session)).forEach(sessions::add);
        current = null;
        watch = null;
        told = false;
        beneath.clear();
        parked.clear();
        suspended.clear();
        gone.clear();
        return sessions;
    }

    /** Whether the open unit is the session's. */
    boolean current(Session session) {
        return current == session;
    }

    /** A session closes while its transaction is suspended, which will be undone; thread-safe. */
    void abandon(Session session) {
        if (suspended.contains(session)) {
            gone.add(session);
        }
    }

    /** Whether the current unit is above another transaction's, so that it must not see or touch what that one did. */
    boolean stacked() {
        return watch != null;
    }

    /** Fails where the current unit has seen or touched what transactions beneath it did; empty where there are none. */
    String check() {
        Suspended below = beneath.peek();
        return watch == null || below == null ? "" : watch.check(OverlapMessages.touched(sandbox, below.block()));
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
        boolean locks = part.control().kind() == Kind.BLOCK_ONLY;
        boolean sets = stacked() && !part.traits().changes().isEmpty();
        return !locks && !sets
                ? ""
                : OverlapMessages.impossible(
                        sandbox,
                        Stream.concat(beneath.stream(), reversed(parked))
                                .findFirst()
                                .orElseThrow()
                                .block(),
                        locks ? "this one locks a whole table (LOCK TABLE)" : "this one changes settings above it");
    }

    /** What is said in place of an error that only arises because both transactions are one; empty for any other. */
    String insteadOf(String sqlState, String table, String constraint) {
        Suspended below = beneath.peek();
        return watch == null || below == null
                ? ""
                : watch.clash(sqlState, table, constraint)
                        .map(what ->
                                OverlapMessages.touched(sandbox, below.block()).replace(Watch.tables(), what))
                        .orElse("");
    }

    /** The cursors of suspended transactions, which go on. */
    List<String> cursors() {
        return suspended.isEmpty()
                ? List.of()
                : Stream.concat(beneath.stream(), parked.values().stream())
                        .flatMap(transaction -> transaction.cursors().stream())
                        .toList();
    }

    private static Stream<Suspended> reversed(Map<Session, Suspended> parked) {
        var latestFirst = new ArrayDeque<Suspended>();
        parked.values().forEach(latestFirst::push);
        return latestFirst.stream();
    }

    private boolean isGone(Session session) {
        return gone.remove(session) && suspended.remove(session);
    }

    private void clearTheWay(Session session) throws Refusal, IOException {
        while (current != session) {
            if (sandbox.standing().closed()) {
                current = null;
                if (beneath.isEmpty()) {
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
        List<String> xids = xids();
        List<String> cursors = openCursors();
        if (ownXids(xids).isEmpty() && !block.savepoints()) {
            park(other, xids, cursors, Watch.over(aside, List.of()));
            sandbox.apply(Effect.UNIT_KEPT);
            return false;
        }
        boolean inTheWay = beneath.stream().anyMatch(below -> below.session() == session);
        require(!inTheWay, block, "it has written, and lies above the transaction of this connection");
        boolean differ = other.upkeep().differs() || session.upkeep().differs();
        require(!differ, block, "it has written, and one of the two connections has settings of its own");
        require(
                !sandbox.shared().deferrable(),
                block,
                "it has written, and there are constraints that wait for its commit");
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
        parked.put(other, new Suspended(other, sandbox.standing(), xids, "", cursors, new Place(), watch, whileParked));
        suspended.add(other);
    }

    private void stack(Session other, List<String> xids, List<String> cursors) throws Refusal, IOException {
        Block block = other.block();
        require(counts(), block, "the server does not count what statements touch (track_counts is off)");
        String since = beneath.isEmpty() ? "" : beneath.element().since();
        List<String> own = ownXids(xids);
        since = since.isEmpty() && !own.isEmpty() ? own.get(0) : since;
        List<Footprint.Table> tables = List.of();
        if (!since.isEmpty()) {
            Footprint footprint = Footprint.of(aside, new Footprint.Span(xids.get(0), since), clean(block), rowLocks);
            require(!footprint.schemaChanged(), block, "it has changed the schema");
            tables = footprint.tables();
        }
        Watch wider = Watch.over(aside, tables);
        beneath.push(new Suspended(other, sandbox.standing(), xids, since, cursors, new Place(), watch, null));
        suspended.add(other);
        watch = wider;
        sandbox.stand(Standing.BEGUN);
    }

    /** What is known not to be of this transaction or of one beneath it. */
    private Map<String, String> clean(Block block) {
        var clean = new HashMap<>(block.clean());
        beneath.forEach(below -> below.block().clean().forEach(clean::putIfAbsent));
        return clean;
    }

    /** The stacked unit has ended: what it kept now belongs to the transaction beneath, which is current again. */
    private void pop() throws IOException {
        Suspended below = beneath.element();
        Standing standing = sandbox.standing();
        if (standing.phase() == Phase.SPOILT) {
            run(List.of(Command.ROLLBACK_TO));
        }
        requireUntouched(watch, below);
        if (standing.phase() == Phase.KEPT) {
            carry(below);
        }
        if (standing.savepoint()) {
            run(List.of(Command.RELEASE));
        }
        beneath.pop();
        suspended.remove(below.session());
        sandbox.stand(below.standing());
        watch = told && below.outer() != null ? below.outer().anew(aside) : below.outer();
        told = false;
        current = below.session();
        if (gone.remove(below.session())) {
            sandbox.abandon(below.block());
        }
    }

    private void requireUntouched(@Nullable Watch over, Suspended transaction) throws IOException {
        String touched = over == null || told ? "" : over.touched(aside);
        if (!touched.isEmpty()) {
            sandbox.giveUp(OverlapMessages.touched(sandbox, transaction.block()).replace(Watch.tables(), touched));
        }
    }

    /** What has been written and kept above a transaction goes where that goes. */
    private void carry(Suspended below) throws IOException {
        List<String> xids = xids();
        if (!below.xids().containsAll(xids)) {
            Map<String, String> counts = Footprint.counted(aside, xids.get(0));
            Watch over = watch;
            counts.keySet().removeIf(oid -> over == null || over.written(oid));
            below.block().carry(below.place().of("begun"), counts);
        }
    }

    /** Gives a parked transaction a unit again. */
    private void resume(Session session) throws IOException {
        Suspended transaction = parked.remove(session);
        if (transaction == null) {
            return;
        }
        suspended.remove(session);
        interject(session.upkeep().resuming(sandbox.standing()));
        requireUntouched(transaction.whileParked(), transaction);
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
            aside.error(Refusal.raising("25P02", "the transaction has failed before", ""));
            sandbox.stand(sandbox.standing().settled(true));
        }
        if (!transaction.cursors().isEmpty()) {
            session.block().keepCursors();
        }
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

    /** The ids of the physical transaction and of its open subtransactions that have written, the oldest first. */
    private List<String> xids() throws IOException {
        return first("SELECT transactionid FROM pg_catalog.pg_locks WHERE locktype = 'transactionid' AND granted"
                + " AND mode = 'ExclusiveLock' AND pid = pg_catalog.pg_backend_pid()"
                + " ORDER BY pg_catalog.age(transactionid) DESC");
    }

    /** Those of the current transaction. */
    private List<String> ownXids(List<String> xids) {
        Suspended below = beneath.peek();
        if (below != null) {
            return xids.stream().filter(xid -> !below.xids().contains(xid)).toList();
        }
        int others = sandbox.standing().first() ? 0 : sandbox.marked() ? 2 : 1;
        return xids.subList(Math.min(others, xids.size()), xids.size());
    }

    private List<String> openCursors() throws IOException {
        return first("SELECT name FROM pg_catalog.pg_cursors WHERE name <> ''");
    }

    private boolean counts() throws IOException {
        return first("SHOW track_counts").contains("on");
    }

    private List<String> first(String query) throws IOException {
        return aside.query(query).stream().map(row -> row.get(0)).toList();
    }

    private void require(boolean possible, Block other, String reason) throws Refusal {
        if (!possible) {
            throw new Refusal("0A000", OverlapMessages.impossible(sandbox, other, reason), "");
        }
    }
}
