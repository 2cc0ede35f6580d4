package dev.isolated.benchmarks;

import java.util.Locale;

/** What a figure counts. */
enum Unit {
    NANOS("%.0fns"),
    MICROS("%.1fus"),
    MILLIS("%.0fms"),
    PER_SECOND("%.0f/s");

    private final String format;

    Unit(String format) {
        this.format = format;
    }

    String of(double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
