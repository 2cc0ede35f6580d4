package dev.isolated.benchmarks;

import java.util.Arrays;
import java.util.Locale;

/**
 * What a duel found: each side's median, the median of the rounds' ratios (subject / reference), and the tenth and ninetieth
 * percentile of these. Immutable.
 */
record Verdict(String name, Unit unit, double subject, double reference, double ratio, double low, double high) {

    /** The figures of each round, in the same order. */
    static Verdict of(String name, Unit unit, double[] subject, double[] reference) {
        var ratios = new double[subject.length];
        Arrays.setAll(ratios, round -> subject[round] / reference[round]);
        return new Verdict(
                name,
                unit,
                percentile(subject, 50),
                percentile(reference, 50),
                percentile(ratios, 50),
                percentile(ratios, 10),
                percentile(ratios, 90));
    }

    /** Between the two nearest values, in proportion. */
    static double percentile(double[] values, int percent) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double place = (sorted.length - 1) * percent / 100.0;
        int below = (int) Math.floor(place);
        int above = (int) Math.ceil(place);
        return sorted[below] + (sorted[above] - sorted[below]) * (place - below);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%s subject=%s reference=%s ratio=%.2f spread=%.2f-%.2f",
                name,
                unit.of(subject),
                unit.of(reference),
                ratio,
                low,
                high);
    }
}
