package dev.isolated.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DuelTest {

    @Test
    void theSidesTakeTurnsInGoingFirst() throws Exception {
        var order = new ArrayList<String>();

        new Duel(2, 2).between(() -> order.add("reference"), () -> order.add("subject"));

        var pair = List.of("reference", "subject", "subject", "reference");
        assertThat(order).containsExactlyElementsOf(twice(pair));
    }

    @Test
    void theRatioIsTheMedianOfTheRoundsAndWarmUpDoesNotCount() throws Exception {
        var reference = List.of(1_000.0, 10.0, 20.0, 40.0).iterator();
        var subject = List.of(1.0, 30.0, 40.0, 40.0).iterator();

        Verdict verdict =
                new Duel(1, 3).between(reference::next, subject::next).verdict("lease", Unit.MICROS, figure -> figure);

        assertThat(verdict).hasToString("lease subject=40.0us reference=20.0us ratio=2.00 spread=1.20-2.80");
    }

    private static List<String> twice(List<String> list) {
        var both = new ArrayList<>(list);
        both.addAll(list);
        return both;
    }
}
