package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's one session as all connections of a sandbox share it: whose parameters it has just now, and what it must be
 * reckoned with in it. Whoever has the turn uses it.
 */
final class SharedSession {

    private final Isolation isolation;
    private boolean deferrable;
    private final List<OwnParameters> places = new ArrayList<>();
    private @Nullable OwnParameters wearer;
    private @Nullable OwnParameters wearerAtMark;
    private List<OwnParameters> placesAtMark = List.of();
    private @Nullable Upkeep locker;
    private @Nullable Upkeep drawer;
    private final Temporaries temporaries;
    private final SqlStatements statements = new SqlStatements();

    /**
     * @param isolation the level of the transaction
     * @param deferrable whether there are constraints or triggers that may wait for a commit
     * @param temporariesInFunctions whether there are functions that make temporary tables which a commit changes
     */
    SharedSession(Isolation isolation, boolean deferrable, boolean temporariesInFunctions) {
        this.isolation = isolation;
        this.deferrable = deferrable;
        temporaries = new Temporaries(temporariesInFunctions);
    }

    Isolation isolation() {
        return isolation;
    }

    boolean deferrable() {
        return deferrable;
    }

    void becomesDeferrable() {
        deferrable = true;
    }

    /** Whose parameters it has; null while it has those that every connection begins with. */
    @Nullable OwnParameters wearer() {
        return wearer;
    }

    void wornBy(OwnParameters parameters) {
        wearer = parameters;
    }

    /**
     * The number of the place where a connection's parameters are remembered while it does not wear them; that of a closed
     * connection is free again. Few of them are ever needed, and what is set to the server once is there for good.
     */
    int placeOf(OwnParameters parameters) {
        int place = places.indexOf(parameters);
        for (int free = 0; place < 0 && free < places.size(); free++) {
            place = places.get(free).gone() ? free : place;
        }
        if (place < 0) {
            places.add(parameters);
            return places.size() - 1;
        }
        places.set(place, parameters);
        return place;
    }

    /** What is now is what {@link #rewind} goes back to. */
    void mark() {
        wearerAtMark = wearer;
        placesAtMark = List.copyOf(places);
        drawer = null;
        temporaries.mark();
    }

    void rewind() {
        wearer = wearerAtMark;
        places.stream().filter(it -> !placesAtMark.contains(it)).forEach(OwnParameters::loseWhatIsSaved);
        places.clear();
        places.addAll(placesAtMark);
        drawer = null;
        temporaries.rewind();
    }

    Temporaries temporaries() {
        return temporaries;
    }

    SqlStatements statements() {
        return statements;
    }

    /** Which connection's draws from sequences alone the server remembers. */
    void drawnBy(Upkeep upkeep) {
        drawer = upkeep;
    }

    boolean isDrawn() {
        return drawer != null;
    }

    boolean isDrawnByOther(Upkeep upkeep) {
        return drawer != null && drawer != upkeep;
    }

    /** Which connection was the last to ask for an advisory lock of its own; it may have unlocked it. */
    void lockedBy(@Nullable Upkeep upkeep) {
        locker = upkeep;
    }

    boolean isLockedByOther(Upkeep upkeep) {
        return locker != null && locker != upkeep;
    }

    boolean isLockedByGone() {
        return locker != null && locker.gone();
    }
}
