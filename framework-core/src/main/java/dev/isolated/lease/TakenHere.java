package dev.isolated.lease;

/** Remembers the stack that took a lease; it is shown, never thrown. */
final class TakenHere extends Exception {

    private static final long serialVersionUID = 1L;

    TakenHere(String holder) {
        super("the lease of " + holder + " was taken here");
    }
}
