package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.List;

/** What the application has said in its open transaction block that the server cannot be asked for. Guarded by its session. */
final class Block {

    private static final int NEVER = -1;

    private final List<String> savepoints = new ArrayList<>();
    /** How many savepoints were set when the transaction became read-only. */
    private int readOnlySince = NEVER;

    private boolean inheritedReadOnly;

    /** Nothing has been said yet. */
    void begin() {
        end(false);
    }

    /** Whether the transaction is read-only, which one that is chained to it is too; a failure undoes what was said last. */
    boolean readOnly(boolean failed) {
        return inheritedReadOnly || (readOnlySince != NEVER && !(failed && readOnlySince == savepoints.size()));
    }

    /** A statement is executed. */
    void note(Control control, boolean failed) {
        boolean readOnly = readOnly(failed);
        switch (control.kind()) {
            case BEGIN, SET_TRANSACTION -> restrict(control.readOnly() && !failed);
            case SAVEPOINT -> {
                if (!failed) {
                    savepoints.add(control.savepoint());
                }
            }
            case RELEASE -> returnTo(control.savepoint(), false);
            case ROLLBACK_TO -> returnTo(control.savepoint(), true);
            case COMMIT, ROLLBACK -> end(false);
            case COMMIT_AND_CHAIN, ROLLBACK_AND_CHAIN -> end(readOnly);
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
        savepoints.clear();
        readOnlySince = NEVER;
        inheritedReadOnly = readOnly;
    }
}
