package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.postgres.Standing.Effect;
import dev.isolated.postgres.Standing.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is done in place of a control statement: commands, then either a statement or an answer of our own. Immutable.
 *
 * @param commands what the sandbox says to the server first
 * @param sql the statement whose outcome the application sees; empty where it sees only {@code tag}
 * @param effect what success does to the standing
 * @param tag the command tag that the application sees
 */
record Instead(List<Command> commands, List<String> sql, Effect effect, String tag) {

    private static final String NOT_IN_TRANSACTION = "25P01";
    private static final String IN_TRANSACTION = "25001";
    private static final String UNSUPPORTED = "0A000";
    private static final String BLOCKS_ONLY = " can only be used in transaction blocks";
    private static final String REFUSED = "REFUSED";
    static final String DATABASE = "@Isolated(mode = \"DATABASE\")";
    static final String OTHER_MODE =
            "The sandbox's transaction is never committed. Use DATABASE isolation for this test: " + DATABASE + ".";

    /**
     * What to do in place of a statement, or null where the server shall have the statement itself; in a failed
     * transaction it is the server that says so.
     *
     * @param planned how the transaction will stand when the statement's turn comes
     * @param cursors whether cursors may be open
     * @param readOnly whether the transaction is, and so what is chained to it
     * @param test whose sandbox it is, for messages
     */
    static @Nullable Instead of(Part part, Standing planned, boolean cursors, boolean readOnly, String test) {
        Control control = part.control();
        boolean implicit = planned.phase() == Phase.IMPLICIT;
        boolean failed = planned.phase() == Phase.FAILED;
        return switch (control.kind()) {
            case PLAIN, SETTING, CURSOR -> null;
            case SET_TRANSACTION -> implicit ? onlyForNow(control, planned) : failed ? null : setTransaction(control);
            case BLOCK_LOCAL -> implicit ? localOnlyForNow(part) : null;
            case DECLARE, SAVEPOINT, RELEASE, ROLLBACK_TO, BLOCK_ONLY -> implicit ? outsideBlock(control) : null;
            case BEGIN -> implicit ? begin(control, planned) : failed ? null : inTransactionAlready(control, planned);
            case COMMIT ->
                implicit ? noTransaction(control, planned, cursors) : failed ? undo(planned) : commit(control, cursors);
            case ROLLBACK -> implicit ? noTransaction(control, planned, cursors) : undo(planned);
            case COMMIT_AND_CHAIN ->
                implicit
                        ? outsideBlock(control)
                        : failed ? undoAndChain(planned, readOnly) : keepAndChain(planned, cursors, readOnly);
            case ROLLBACK_AND_CHAIN -> implicit ? outsideBlock(control) : undoAndChain(planned, readOnly);
            case DEALLOCATE_ALL -> failed ? null : answered(Effect.NONE, control.tag());
            case REFUSED -> failed ? null : impossible(control.what(), OTHER_MODE, test);
        };
    }

    /** A transaction above another one must not go back to a savepoint of that one, though the server could. */
    static Instead noSavepoint(Control control) {
        return raised(
                Refusal.raising("3B001", "savepoint \"" + control.savepoint() + "\" does not exist", ""), REFUSED);
    }

    /** Fails, in a failed transaction too, which needs to be undone before it can be told more than that it has failed. */
    static Instead refused(Standing planned, String message) {
        List<Command> commands = planned.phase() == Phase.FAILED ? List.of(planned.undoing()) : List.of();
        return new Instead(commands, List.of(Refusal.raising(UNSUPPORTED, message, "")), Effect.NONE, REFUSED);
    }

    /**
     * The same, closing cursors that it would not end by itself, and sparing those of other transactions.
     *
     * @param closes whether there are such cursors
     * @param others the names of those to be spared
     */
    Instead ending(boolean closes, List<String> others) {
        boolean closing = closes || commands.contains(Command.CLOSE_CURSORS);
        if (!closing || !sql.isEmpty()) {
            return this;
        }
        var rest = new ArrayList<>(commands);
        rest.remove(Command.CLOSE_CURSORS);
        if (others.isEmpty()) {
            rest.add(Command.CLOSE_CURSORS);
        }
        List<String> last = others.isEmpty() ? List.of() : List.of(Cursors.closing(others));
        return new Instead(rest, last, effect, tag);
    }

    private static Instead begin(Control control, Standing planned) {
        return new Instead(modes(control, planned), List.of(), Effect.UNIT_BEGUN, control.tag());
    }

    private static List<Command> modes(Control control, Standing planned) {
        if (!control.readOnly()) {
            return List.of();
        }
        return planned.savepoint() ? List.of(Command.READ_ONLY) : List.of(Command.SAVEPOINT, Command.READ_ONLY);
    }

    /** As in production, cursors end with their transaction. */
    private static Instead commit(Control control, boolean cursors) {
        return cursors
                ? answered(Effect.UNIT_KEPT, control.tag(), Command.CLOSE_CURSORS)
                : answered(Effect.UNIT_KEPT, control.tag());
    }

    /** The same where the transaction does not begin at the level that a server begins it at. */
    Instead beginning(List<Command> beginning) {
        if (!commands.contains(Command.BEGIN) || beginning.size() == 1) {
            return this;
        }
        List<Command> all = commands.stream()
                .flatMap(command -> command == Command.BEGIN ? beginning.stream() : Stream.of(command))
                .toList();
        return new Instead(all, sql, effect, tag);
    }

    private static Instead undo(Standing planned) {
        return answered(Effect.NONE, "ROLLBACK", planned.undoing());
    }

    /** The chained transaction has the savepoint that its statements are undone to, and then is like the one before. */
    private static Instead keepAndChain(Standing planned, boolean cursors, boolean readOnly) {
        var commands = new ArrayList<Command>();
        if (cursors) {
            commands.add(Command.CLOSE_CURSORS);
        }
        if (planned.savepoint()) {
            commands.add(Command.RELEASE);
        }
        commands.add(Command.SAVEPOINT);
        if (readOnly) {
            commands.add(Command.READ_ONLY);
        }
        return new Instead(commands, List.of(), Effect.UNIT_CHAINED, "COMMIT");
    }

    private static Instead undoAndChain(Standing planned, boolean readOnly) {
        var commands = new ArrayList<>(List.of(planned.undoing()));
        if (planned.first()) {
            commands.add(Command.BEGIN);
        }
        if (readOnly && planned.first()) {
            commands.add(Command.SAVEPOINT);
        }
        if (readOnly) {
            commands.add(Command.READ_ONLY);
        }
        return new Instead(commands, List.of(), Effect.UNIT_BEGUN, "ROLLBACK");
    }

    /** With a warning, and what it says of the transaction holds for the one that is open. */
    private static Instead inTransactionAlready(Control control, Standing planned) {
        String warning = Refusal.warning(IN_TRANSACTION, "there is already a transaction in progress");
        return new Instead(modes(control, planned), List.of(warning), Effect.NONE, control.tag());
    }

    /** With a warning: it holds for what comes up to the next {@code Sync}. */
    private static Instead onlyForNow(Control control, Standing planned) {
        String warning = Refusal.warning(NOT_IN_TRANSACTION, control.what() + BLOCKS_ONLY);
        String tag = control.tag().isEmpty() ? "SET" : control.tag();
        return new Instead(modes(control, planned), List.of(warning), Effect.NONE, tag);
    }

    /** Outside of a transaction block, with a warning, it ends what has been done since the last {@code Sync}. */
    private static Instead noTransaction(Control control, Standing planned, boolean cursors) {
        Instead end = control.kind() == Kind.COMMIT ? commit(control, cursors) : undo(planned);
        String warning = Refusal.warning(NOT_IN_TRANSACTION, "there is no transaction in progress");
        return new Instead(end.commands, List.of(warning), end.effect, end.tag);
    }

    /** The same for what is local to it, which the server has all the same. */
    private static Instead localOnlyForNow(Part part) {
        Control control = part.control();
        return raised(
                Refusal.warningBefore(part.sql(), NOT_IN_TRANSACTION, control.what() + BLOCKS_ONLY), control.tag());
    }

    private static Instead outsideBlock(Control control) {
        return raised(Refusal.raising(NOT_IN_TRANSACTION, control.what() + BLOCKS_ONLY, ""), REFUSED);
    }

    /** A level that is accepted at all is what the transaction is already at; the server takes none beneath a savepoint. */
    private static @Nullable Instead setTransaction(Control control) {
        if (control.tag().isEmpty()) {
            return null;
        }
        return control.readOnly()
                ? answered(Effect.NONE, control.tag(), Command.READ_ONLY)
                : answered(Effect.NONE, control.tag());
    }

    /**
     * What cannot be represented is refused, where the server would fail too.
     *
     * @param hint what to do about it
     */
    static Instead impossible(String what, String hint, String test) {
        String message = what + " is not possible in TRANSACTION isolation, in " + test;
        return raised(Refusal.raising(UNSUPPORTED, message, hint), REFUSED);
    }

    /** Where the server, that has more than one connection in its session, would not say so. */
    static Instead nothingDrawn(String hint) {
        String message = "lastval or currval is not yet defined in this connection, as far as its statements tell";
        return raised(Refusal.raising("55000", message, hint), REFUSED);
    }

    /** A statement of the sandbox's own, and commands before it, whose success the application sees; not its rows. */
    static Instead answeredBy(String sql, String tag, Command... commands) {
        return answered(Effect.NONE, sql, tag, commands);
    }

    /** The same with its success committed at once, whatever follows before the next {@code Sync}. */
    static Instead committedBy(String sql, String tag, Command... commands) {
        return answered(Effect.UNIT_KEPT, sql, tag, commands);
    }

    private static Instead answered(Effect effect, String tag, Command... commands) {
        return answered(effect, "", tag, commands);
    }

    private static Instead answered(Effect effect, String sql, String tag, Command... commands) {
        return new Instead(List.of(commands), sql.isEmpty() ? List.of() : List.of(sql), effect, tag);
    }

    private static Instead raised(String sql, String tag) {
        return new Instead(List.of(), List.of(sql), Effect.NONE, tag);
    }
}
