package dev.isolated.postgres;

import dev.isolated.postgres.Control.Kind;
import dev.isolated.spi.Origin;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the sandbox must know of an application's open transaction block and cannot ask the server for. Guarded by its
 * session, or by the turn while the session has it.
 */
final class Block {

    private static final int NEVER = -1;

    private final List<String> savepoints = new ArrayList<>();

    /** How many savepoints were set when the transaction became read-only. */
    private int readOnlySince = NEVER;

    private boolean inheritedReadOnly;
    private boolean settings;
    private boolean tableLocks;
    private @Nullable Origin begun;
    private String carried = "";
    private int carriedSince;
    private final Map<String, String> clean = new HashMap<>();
    private boolean cursors;
    private boolean oldCursors;

    Block() {}

    private Block(Block other) {
        savepoints.addAll(other.savepoints);
        readOnlySince = other.readOnlySince;
        inheritedReadOnly = other.inheritedReadOnly;
        settings = other.settings;
        tableLocks = other.tableLocks;
        begun = other.begun;
        carried = other.carried;
        carriedSince = other.carriedSince;
        clean.putAll(other.clean);
        cursors = other.cursors;
        oldCursors = other.oldCursors;
    }

    /** The same, on which nothing has an effect that comes over this one, nor the other way round. */
    Block copy() {
        return new Block(this);
    }

    /** Whether the transaction is read-only, which one that is chained to it is too; a failure undoes what was said last. */
    boolean readOnly(boolean failed) {
        return inheritedReadOnly || (readOnlySince != NEVER && !(failed && readOnlySince == savepoints.size()));
    }

    /** Whether the transaction that is chained to it is read-only: what undoes it ends its savepoints first. */
    boolean chainsReadOnly(Control control, boolean failed) {
        boolean undone = inheritedReadOnly || (readOnlySince == 0 && !(failed && savepoints.isEmpty()));
        return control.undoes(failed) ? undone : readOnly(failed);
    }

    /** Whether settings have been changed that may end with the transaction. */
    boolean settings() {
        return settings;
    }

    /** Whether a statement has locked a table as a whole. */
    boolean tableLocks() {
        return tableLocks;
    }

    /** Whether the application has set a savepoint that it may go back to. */
    boolean savepoints() {
        return !savepoints.isEmpty();
    }

    boolean knows(String savepoint) {
        return savepoints.contains(savepoint);
    }

    /** Where the transaction was begun. */
    String begun() {
        return begun == null ? "begun" : begun.of("begun");
    }

    /**
     * Another connection has committed above it: what undoes this undoes that.
     *
     * @param where where that one's transaction was begun
     * @param counts the changes that the server has counted in tables of which none is of this transaction
     */
    void carry(String where, Map<String, String> counts) {
        carried = where;
        clean.putAll(counts);
        carriedSince = savepoints.size();
    }

    /** Whose commit lies above this transaction; empty where there is none. */
    String carried() {
        return carried;
    }

    /** How many changes the server had counted in tables in which this transaction had not written by then. */
    Map<String, String> clean() {
        return clean;
    }

    /** A cursor may be open, or be about to. */
    void opensCursor() {
        cursors = true;
    }

    boolean cursors() {
        return cursors;
    }

    /** Cursors of it have become older than its savepoint, so that going back there does not end them. */
    void keepCursors() {
        oldCursors = true;
    }

    boolean oldCursors() {
        return oldCursors;
    }

    /** Whether a statement would undo what another connection has committed. */
    boolean undoesCarried(Control control, boolean failed) {
        boolean before =
                control.kind() == Kind.ROLLBACK_TO && savepoints.lastIndexOf(control.savepoint()) < carriedSince;
        return !carried.isEmpty() && (before || control.undoes(failed));
    }

    /** A statement is executed. */
    void note(Control control, boolean failed) {
        settings |= control.changesSettings();
        tableLocks |= control.kind() == Kind.BLOCK_ONLY;
        cursors = control.cursorsAfter(cursors);
        switch (control.kind()) {
            case BEGIN -> {
                begun = begun == null ? new Origin() : begun;
                restrict(control.readOnly() && !failed);
            }
            case SET_TRANSACTION -> restrict(control.readOnly() && !failed);
            case SAVEPOINT -> {
                if (!failed) {
                    savepoints.add(control.savepoint());
                }
            }
            case RELEASE -> returnTo(control.savepoint(), false);
            case ROLLBACK_TO -> returnTo(control.savepoint(), true);
            case COMMIT, ROLLBACK -> end(false);
            case COMMIT_AND_CHAIN, ROLLBACK_AND_CHAIN -> {
                end(chainsReadOnly(control, failed));
                begun = new Origin();
            }
            default -> {}
        }
    }

    private void restrict(boolean readOnly) {
        if (readOnly && readOnlySince == NEVER) {
            readOnlySince = savepoints.size();
        }
    }

    private void returnTo(String savepoint, boolean stays) {
        int at = savepoints.lastIndexOf(savepoint);
        if (at >= 0) {
            savepoints.subList(stays ? at + 1 : at, savepoints.size()).clear();
            readOnlySince = readOnlySince > at ? NEVER : readOnlySince;
        }
    }

    private void end(boolean readOnly) {
        begun = null;
        settings = false;
        tableLocks = false;
        carried = "";
        carriedSince = 0;
        clean.clear();
        oldCursors = false;
        savepoints.clear();
        readOnlySince = NEVER;
        inheritedReadOnly = readOnly;
    }
}
