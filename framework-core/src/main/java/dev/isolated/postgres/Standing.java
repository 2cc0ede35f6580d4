package dev.isolated.postgres;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How the one physical transaction stands, between and inside units. A unit is what production would keep or undo as one:
 * an exchange in autocommit, or everything from {@code BEGIN} to {@code COMMIT}. Immutable.
 *
 * @param transaction whether the physical transaction has begun
 * @param savepoint whether the unit's savepoint is set
 * @param first whether the unit is the transaction's first, which is undone with the transaction itself
 * @param phase what the unit is at
 */
record Standing(boolean transaction, boolean savepoint, boolean first, Phase phase) {

    /** Before anything has happened. */
    static final Standing UNTOUCHED = new Standing(false, false, true, Phase.KEPT);

    /** Begun, and no unit to come undoes what is there: what another connection has not committed, or is beneath a mark. */
    static final Standing BEGUN = new Standing(true, false, false, Phase.KEPT);

    enum Phase {
        /** No unit is open, and what the earlier ones did is kept. */
        KEPT,
        /** No unit is open, and nothing has happened since the savepoint was set. */
        CLEAN,
        /** No unit is open, and what the last one did is still to be undone. */
        SPOILT,
        /** An autocommit unit is open. */
        IMPLICIT,
        /** A unit is open that the application began. */
        EXPLICIT,
        /** A unit is open that the application began and in which a statement has failed. */
        FAILED
    }

    /** What the completion of a command does to the standing. */
    enum Effect {
        NONE,
        TRANSACTION_BEGUN,
        TRANSACTION_UNDONE,
        SAVEPOINT_SET,
        SAVEPOINT_RELEASED,
        UNIT_UNDONE,
        UNIT_OPENED,
        UNIT_BEGUN,
        /** The application has gone back to a savepoint of its own. */
        UNIT_MENDED,
        UNIT_KEPT,
        /** The unit could not be kept, and no unit is open any more. */
        UNIT_SPOILT,
        /** The unit is kept, and the next one, whose savepoint is set already, is the application's as well. */
        UNIT_CHAINED;

        /** Whether it is a commit. */
        boolean keeps() {
            return this == UNIT_KEPT || this == UNIT_CHAINED;
        }
    }

    /** Whether no unit is open. */
    boolean closed() {
        return switch (phase) {
            case KEPT, CLEAN, SPOILT -> true;
            case IMPLICIT, EXPLICIT, FAILED -> false;
        };
    }

    /** Whether what the last unit did is lost, though the server has not been told yet to go back behind it. */
    boolean undone() {
        return phase == Phase.SPOILT || phase == Phase.FAILED;
    }

    /** Whether there is something of the last unit that has not been undone, nor is doomed to be. */
    boolean lasts() {
        return switch (phase) {
            case KEPT, IMPLICIT, EXPLICIT -> true;
            case CLEAN, SPOILT, FAILED -> false;
        };
    }

    /** What opens the next unit. */
    List<Command> opening() {
        if (!transaction) {
            return List.of(Command.BEGIN);
        }
        return switch (phase) {
            case SPOILT -> first ? List.of(Command.ROLLBACK, Command.BEGIN) : List.of(Command.ROLLBACK_TO);
            case KEPT -> savepoint ? List.of(Command.RELEASE, Command.SAVEPOINT) : List.of(Command.SAVEPOINT);
            case CLEAN, IMPLICIT, EXPLICIT, FAILED -> List.of();
        };
    }

    /** As SQL, what leaves a transaction with all that is kept, and no savepoint; no unit is open. */
    String settling() {
        return Stream.concat(
                        opening().stream().filter(command -> command != Command.SAVEPOINT),
                        phase == Phase.CLEAN || (phase == Phase.SPOILT && !first)
                                ? Stream.of(Command.RELEASE)
                                : Stream.empty())
                .map(command -> command.sql() + "; ")
                .collect(Collectors.joining());
    }

    /** What undoes the open unit. */
    Command undoing() {
        return first ? Command.ROLLBACK : Command.ROLLBACK_TO;
    }

    /** The application that had the unit open is gone. */
    Standing abandoned() {
        return closed() ? this : with(Phase.SPOILT);
    }

    Standing after(Effect effect) {
        return switch (effect) {
            case NONE -> this;
            case TRANSACTION_BEGUN -> new Standing(true, false, true, phase);
            case TRANSACTION_UNDONE -> UNTOUCHED;
            case SAVEPOINT_SET -> new Standing(transaction, true, first, phase == Phase.KEPT ? Phase.CLEAN : phase);
            case SAVEPOINT_RELEASED -> new Standing(transaction, false, false, phase);
            case UNIT_UNDONE -> with(Phase.CLEAN);
            case UNIT_OPENED -> with(Phase.IMPLICIT);
            case UNIT_BEGUN, UNIT_MENDED -> with(Phase.EXPLICIT);
            case UNIT_SPOILT -> with(Phase.SPOILT);
            case UNIT_KEPT -> new Standing(transaction, savepoint, false, Phase.KEPT);
            case UNIT_CHAINED -> new Standing(transaction, savepoint, false, Phase.EXPLICIT);
        };
    }

    /** How it stands once the server has said that it is ready, and whether its transaction has failed. */
    Standing settled(boolean failed) {
        return switch (phase) {
            case IMPLICIT -> failed ? with(Phase.SPOILT) : after(Effect.UNIT_KEPT);
            case EXPLICIT, FAILED -> with(failed ? Phase.FAILED : Phase.EXPLICIT);
            case KEPT, CLEAN, SPOILT -> failed ? with(Phase.SPOILT) : this;
        };
    }

    /** Whether a failure here takes what earlier units did with it: there is no savepoint between them, or not yet. */
    boolean unprotected() {
        return transaction && !first && (!savepoint || phase == Phase.KEPT);
    }

    /** The status that the application's driver is told: idle, in a transaction, or in a failed one. */
    char status() {
        return switch (phase) {
            case KEPT, CLEAN, SPOILT -> 'I';
            case EXPLICIT, IMPLICIT -> 'T';
            case FAILED -> 'E';
        };
    }

    private Standing with(Phase next) {
        return new Standing(transaction, savepoint, first, next);
    }
}
