package dev.isolated.spi;

/** Whose a server is, and whether it outlives the run. */
public enum Tenure {
    /** Started by this run for itself: everything on it goes with it. */
    RUN(true, false),
    /** Started by this library for all runs of a user: others may be using it now, or will. */
    SHARED(true, true),
    /** Somebody else's. */
    FOREIGN(false, true);

    private final boolean ours;
    private final boolean outlives;

    Tenure(boolean ours, boolean outlives) {
        this.ours = ours;
        this.outlives = outlives;
    }

    /** Whether this library has started the server, set it up and may tell it secrets. */
    public boolean ours() {
        return ours;
    }

    /** Whether the server goes on when the run ends, so that what the run made there has to be removed. */
    public boolean outlivesTheRun() {
        return outlives;
    }
}
