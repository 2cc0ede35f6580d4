package dev.isolated.postgres;

import static java.util.Objects.requireNonNull;

import dev.isolated.postgres.Standing.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one connection's statements need beside themselves, so that what belongs to a connection stays with it, and what
 * happens at a commit happens at the emulated one. Nothing, for most. Guarded by its session.
 */
final class Upkeep {

    private static final String ISOLATION = "default_transaction_isolation";

    private static final String CONTENTION = Refusal.raisingIf(
            "EXISTS (SELECT FROM pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())",
            "0A000",
            "an advisory lock while another connection holds one is not possible in TRANSACTION isolation, where the"
                    + " server has one session for all connections and would not let them wait for each other",
            "Unlock it on the other connection first, or use " + Instead.DATABASE + ".");

    private static final String RECALL =
            "lastval() or currval(), after another connection has inserted or drawn from a sequence,";
    private static final String RECALL_REMEDY =
            "The server has one session for all connections. Use INSERT ... RETURNING, or " + Instead.DATABASE + ".";

    private final int number;
    private final SharedSession shared;
    private final OwnParameters parameters;
    private final ReadOnlyDefault readOnly;
    private boolean level;
    private boolean temporaries;
    private boolean drawn;
    private boolean forgets;

    Upkeep(int number, SharedSession shared) {
        this.number = number;
        this.shared = shared;
        parameters = new OwnParameters(shared);
        readOnly = new ReadOnlyDefault(parameters.names());
    }

    /** The connection begins with parameters of its own. */
    void begin(Map<String, String> own) {
        parameters.begin(own);
    }

    /** An exchange begins. */
    void begin() {
        forgets = false;
        readOnly.begin();
    }

    /** To be done when everything so far has succeeded. */
    Runnable confirming() {
        return readOnly.confirming();
    }

    /** The connection has been closed. */
    void end() {
        parameters.end();
    }

    boolean gone() {
        return parameters.gone();
    }

    /** Which of the sandbox's connections it is. */
    int number() {
        return number;
    }

    /**
     * What opens a unit: the sandbox's savepoint, above a session that has this connection's parameters.
     *
     * @param tidies whether nobody has a transaction open, so that what closed connections have left can go
     */
    List<Interjection> opening(Standing planned, boolean tidies) {
        parameters.opening();
        readOnly.opening();
        level = false;
        List<Command> commands = planned.opening();
        List<Interjection> interjections = interjections(commands);
        // Beneath the savepoint, for it is not undone with the unit.
        List<Interjection> beneath = new ArrayList<>(0);
        if (tidies) {
            shared.temporaries().tidying().ifPresent(beneath::add);
        }
        parameters.change().ifPresent(beneath::add);
        if (!beneath.isEmpty()) {
            interjections.addAll(beneath);
            if (after(planned, commands).savepoint()) {
                interjections.add(Command.RELEASE.interjection());
            }
            interjections.add(Interjection.effect(Effect.UNIT_KEPT));
            interjections.add(Command.SAVEPOINT.interjection());
        }
        if (shared.isLockedByGone()) {
            interjections.add(Interjection.sql(Command.FREE_ADVISORY_LOCKS.sql(), () -> shared.lockedBy(null)));
        }
        interjections.addAll(shared.statements().tidying());
        return interjections;
    }

    /** The same for a transaction that has been parked, and goes on. */
    List<Interjection> resuming(Standing planned) {
        boolean atLevel = level;
        List<Interjection> opening = opening(planned, false);
        level = atLevel;
        return opening;
    }

    /** Whether the connection has parameters of its own. */
    boolean differs() {
        return !parameters.names().isEmpty();
    }

    /** What begins the physical transaction. */
    List<Command> beginning() {
        return shared.isolation().beginning();
    }

    private List<Interjection> interjections(List<Command> commands) {
        List<Interjection> interjections = new ArrayList<>(commands.size());
        for (Command command : commands) {
            if (command == Command.BEGIN) {
                beginning().forEach(each -> interjections.add(each.interjection()));
            } else {
                interjections.add(command.interjection());
            }
        }
        return interjections;
    }

    private static Standing after(Standing planned, List<Command> commands) {
        Standing standing = planned;
        for (Command command : commands) {
            standing = standing.after(command.effect());
        }
        return standing;
    }

    /**
     * What is to be done in the place of a statement that production would give to the server as it is.
     *
     * @param inBlock whether it is in a transaction block, or in what is like one
     */
    @Nullable Instead instead(Traits traits, boolean inBlock, String test) {
        if (!traits.refusal().isEmpty()) {
            return Instead.impossible(traits.refusal(), Instead.OTHER_MODE, test);
        }
        if (traits.asksAbove(shared.isolation())) {
            return tooStrong(requireNonNull(traits.isolation()), test);
        }
        if (traits.numbering() == Numbering.RECALLS && knowsOthersNumbers()) {
            return drawn ? Instead.impossible(RECALL, RECALL_REMEDY, test) : Instead.nothingDrawn(RECALL_REMEDY);
        }
        if (traits.verb().equals(Traits.RESET_ALL)) {
            return Instead.answeredBy(parameters.resetAll(Set.of("role", "session_authorization")), "RESET");
        }
        return switch (traits.verb()) {
            case Traits.DISCARD_ALL -> inBlock ? null : discardAll();
            case Traits.DISCARD_SEQUENCES -> knowsOthersNumbers() ? Instead.answeredBy("", traits.verb()) : null;
            case Traits.DISCARD_TEMPORARY -> Instead.answeredBy("", traits.verb());
            default -> null;
        };
    }

    private Instead tooStrong(Isolation asked, String test) {
        String physical = shared.isolation().sql();
        String remedy =
                "Set " + PostgresKeys.ISOLATION + " = " + asked.setting() + ", or use " + Instead.DATABASE + ".";
        return Instead.impossible("the isolation level " + asked.sql() + ", above " + physical + ",", remedy, test);
    }

    /**
     * The server knows only the level of its own transaction: what the application shall see instead.
     *
     * @param lasts whether the server remembers the text, until the level may be another
     */
    String text(Part part, boolean lasts) {
        boolean differs = lasts
                || shared.isolation() != Isolation.READ_COMMITTED
                || level
                || parameters.names().contains(ISOLATION);
        return part.traits().asksForIsolation() && differs ? ParameterSql.isolation() : part.sql();
    }

    /** From now on what the server has drawn last is this connection's. */
    private void draws() {
        drawn = true;
        shared.drawnBy(this);
    }

    /** Whether what the server has drawn last is another connection's, and will be when this exchange comes to it. */
    private boolean knowsOthersNumbers() {
        return !forgets && shared.isDrawnByOther(this);
    }

    /** Only what is the connection's own is discarded. */
    private Instead discardAll() {
        List<Command> commands = new ArrayList<>(List.of(Command.CLOSE_CURSORS));
        if (!shared.isLockedByOther(this)) {
            commands.add(Command.FREE_ADVISORY_LOCKS);
        }
        if (!knowsOthersNumbers()) {
            commands.add(Command.FORGET_SEQUENCES);
        }
        return Instead.committedBy(parameters.resetAll(Set.of()), Traits.DISCARD_ALL, commands.toArray(Command[]::new));
    }

    /** What goes ahead of a statement, so that it can be undone at the end of its unit. */
    List<Interjection> before(Part part, Standing planned) {
        Traits traits = part.traits();
        List<Interjection> saysWhatItMayDo = readOnly.before(part, planned);
        if (saysWhatItMayDo.isEmpty() && traits.none()) {
            return List.of();
        }
        List<Interjection> interjections = new ArrayList<>();
        if (traits.discardsTemporary()) { // which the server lets a read-only transaction do, but not piece by piece
            interjections.addAll(shared.temporaries().discarding(this));
        }
        interjections.addAll(saysWhatItMayDo);
        if (traits.locking() != Locking.NONE && shared.isLockedByOther(this)) {
            interjections.add(Interjection.sql(CONTENTION));
        }
        if (traits.numbering() == Numbering.DRAWS && knowsOthersNumbers()) {
            forgets = true;
            interjections.add(Interjection.sql(Command.FORGET_SEQUENCES.sql(), this::draws));
        }
        if (traits.setsIsolation()) {
            level = true;
            interjections.add(Interjection.sql(ParameterSql.isolation(requireNonNull(traits.isolation()))));
        }
        if (traits.deallocatesAll()) {
            interjections.addAll(shared.statements().deallocating(this));
        }
        interjections.addAll(parameters.before(traits));
        return interjections;
    }

    /**
     * The next transaction begins at once, and is like the one that ends.
     *
     * @param kept whether that one is kept
     * @param forgotten whether what was said of it was undone with it
     */
    void chains(boolean kept, boolean forgotten) {
        readOnly.chains(kept, forgotten);
    }

    /** What follows from a statement's success. */
    Runnable done(Traits traits) {
        if (traits.none()) {
            return Expected.NOTHING;
        }
        return () -> {
            if (traits.locking() == Locking.HOLDS) {
                shared.lockedBy(this);
            }
            if (!traits.prepares().isEmpty()) {
                shared.statements().preparedBy(this, traits.prepares());
            }
            parameters.changed(traits);
        };
    }

    /** What goes behind a statement. */
    List<Interjection> after(Traits traits) {
        if (traits.none()) {
            return List.of();
        }
        List<Interjection> interjections = new ArrayList<>(parameters.after(traits));
        if (traits.deferrable()) {
            shared.becomesDeferrable();
            interjections.add(Command.DEFER_AGAIN.interjection());
        }
        if (traits.numbering() != Numbering.NONE && !shared.isDrawn()) {
            draws();
        }
        if (!traits.prepares().isEmpty()) {
            shared.statements().planned(this, traits.prepares());
        }
        if (traits.verb().equals(Traits.FUNCTION)) {
            shared.temporaries().mayChangeInFunctions();
        }
        if (traits.verb().equals(Traits.TEMPORARY)) {
            shared.temporaries().madeBy(this);
            temporaries |= !traits.temporary().isEmpty();
            interjections.add(Interjection.sql(TemporarySql.remember(number, traits.temporary())));
        }
        return interjections;
    }

    /**
     * What happens at a commit, in the order in which the server does it.
     *
     * @param chained whether the next transaction begins at once, and is like this one
     * @param closeCursors which has to be said before tables are dropped
     */
    List<Interjection> closing(boolean chained, Supplier<Interjection> closeCursors) {
        boolean inherits = chained && readOnly.applies();
        boolean inFunctions = shared.temporaries().changeInFunctions();
        if (!shared.deferrable() && !parameters.local() && !level && !temporaries && !inFunctions && !inherits) {
            return List.of();
        }
        List<Interjection> interjections = new ArrayList<>();
        if (inFunctions) {
            temporaries = true;
            shared.temporaries().madeBy(this);
            interjections.add(Interjection.sql(TemporarySql.rememberThoseOfFunctions(number)));
        }
        if (inherits) {
            interjections.add(ReadOnlyDefault.bequeathing());
        }
        if (shared.deferrable()) {
            interjections.add(Command.CONSTRAINTS_IMMEDIATE.interjection());
            interjections.add(Command.DEFER_AGAIN.interjection());
        }
        if (parameters.local()) {
            interjections.add(parameters.restore());
        }
        if (temporaries) {
            interjections.add(closeCursors.get());
            interjections.add(Interjection.sql(TemporarySql.commit(number)));
        }
        if (level && !chained) {
            interjections.add(Interjection.sql(ParameterSql.noIsolation()));
            level = false;
        }
        return interjections;
    }
}
