package dev.isolated.lease;

/**
 * The state and the generation of one slice, changed together. The generation grows with each lease, so that whoever
 * still holds an earlier one can never move the slice. Thread-safe.
 */
final class LeaseLife {

    private LeaseState state = LeaseState.CREATING;
    private long generation;

    synchronized LeaseState state() {
        return state;
    }

    synchronized long generation() {
        return generation;
    }

    /**
     * Moves from {@code from} to {@code to} if the slice stands there in that generation.
     *
     * @return whether it did
     */
    synchronized boolean move(long inGeneration, LeaseState from, LeaseState to) {
        if (!from.leadsTo(to)) {
            throw new IllegalArgumentException("no way leads from " + from + " to " + to);
        }
        if (state != from || generation != inGeneration) {
            return false;
        }
        state = to;
        if (to == LeaseState.LEASED) {
            generation++;
        }
        return true;
    }

    @Override
    public synchronized String toString() {
        return state + ", generation " + generation;
    }
}
