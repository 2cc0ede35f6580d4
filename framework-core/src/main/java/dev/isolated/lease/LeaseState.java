package dev.isolated.lease;

/** Where a slice stands in its life. */
enum LeaseState {
    CREATING,
    READY,
    LEASED,
    DIRTY,
    RESETTING,
    DESTROYED;

    /** Whether a slice may go from this state to that one. */
    boolean leadsTo(LeaseState next) {
        return switch (this) {
            case CREATING, RESETTING -> next == READY || next == DESTROYED;
            case READY -> next == LEASED || next == DESTROYED;
            case LEASED -> next == DIRTY;
            case DIRTY -> next == RESETTING || next == DESTROYED;
            case DESTROYED -> false;
        };
    }
}
