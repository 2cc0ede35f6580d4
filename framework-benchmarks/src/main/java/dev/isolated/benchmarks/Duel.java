package dev.isolated.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Measures two sides in one run, in many short rounds, and compares within each round: what slows the machine down for a
 * while slows both. Who goes first alternates (ABBA), so that neither profits from its place. Immutable.
 *
 * @param warmUp rounds that do not count
 * @param rounds rounds that do
 */
record Duel(int warmUp, int rounds) {

    /** For environments, 200 a round: the compiler is at work on what they run until some 20,000 have been opened. */
    static Duel ofEnvironments(Effort effort) {
        return new Duel(effort.of(120, 4), effort.of(100, 6));
    }

    <T> Rounds<T> between(Side<T> reference, Side<T> subject) throws Exception {
        var found = new Rounds<T>(new ArrayList<>(), new ArrayList<>());
        for (int round = 0; round < warmUp; round++) {
            play(new Rounds<>(new ArrayList<>(), new ArrayList<>()), reference, subject, round);
        }
        for (int round = 0; round < rounds; round++) {
            play(found, reference, subject, round);
        }
        return found;
    }

    private static <T> void play(Rounds<T> found, Side<T> reference, Side<T> subject, int round) throws Exception {
        if (round % 2 == 0) {
            found.ofReference.add(reference.measure());
            found.ofSubject.add(subject.measure());
        } else {
            found.ofSubject.add(subject.measure());
            found.ofReference.add(reference.measure());
        }
    }

    /** What both sides told of each round. */
    record Rounds<T>(List<T> ofReference, List<T> ofSubject) {

        /** The verdict on one of the figures that a round yields. */
        Verdict verdict(String name, Unit unit, ToDoubleFunction<T> figure) {
            return Verdict.of(
                    name,
                    unit,
                    ofSubject.stream().mapToDouble(figure).toArray(),
                    ofReference.stream().mapToDouble(figure).toArray());
        }
    }
}
