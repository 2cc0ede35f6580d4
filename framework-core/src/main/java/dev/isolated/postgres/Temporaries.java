package dev.isolated.postgres;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which connections of a sandbox have made temporary tables, which the server keeps in one schema for all. It may be that
 * what one has made is gone. Whoever has the turn uses it.
 */
final class Temporaries {

    private Set<Upkeep> makers = new HashSet<>();
    private Set<Upkeep> makersAtMark = Set.of();
    private boolean changeInFunctions;

    /** @param changeInFunctions whether there are functions that make some which a commit drops or empties */
    Temporaries(boolean changeInFunctions) {
        this.changeInFunctions = changeInFunctions;
    }

    boolean changeInFunctions() {
        return changeInFunctions;
    }

    /** There may be a function that makes some which a commit drops or empties. */
    void mayChangeInFunctions() {
        changeInFunctions = true;
    }

    /** A connection may have made some. */
    void madeBy(Upkeep upkeep) {
        makers.add(upkeep);
    }

    /** What is now is what {@link #rewind} goes back to. */
    void mark() {
        makersAtMark = Set.copyOf(makers);
    }

    void rewind() {
        makers = new HashSet<>(makersAtMark);
    }

    /** What drops those of a connection that asks for it; its transaction may be rolled back, and they be there again. */
    List<Interjection> discarding(Upkeep upkeep) {
        return makers.contains(upkeep) ? List.of(Interjection.sql(dropping(Set.of(upkeep)))) : List.of();
    }

    /** What drops those of closed connections, as the server does when one is closed; empty where there are none. */
    Optional<Interjection> tidying() {
        Set<Upkeep> gone = new HashSet<>(makers);
        gone.removeIf(upkeep -> !upkeep.gone());
        return gone.isEmpty()
                ? Optional.empty()
                : Optional.of(Interjection.sql(dropping(gone), () -> makers.removeAll(gone)));
    }

    private String dropping(Set<Upkeep> whose) {
        return makers.equals(whose)
                ? TemporarySql.DROP_ALL
                : TemporarySql.drop(whose.stream().map(Upkeep::number).toList());
    }
}
