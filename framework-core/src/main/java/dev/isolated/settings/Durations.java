package dev.isolated.settings;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}. */
final class Durations {

    /** Far longer than any run, and short enough to be counted in nanoseconds. */
    static final Duration MOST = Duration.ofDays(365);

    private static final Pattern SHORT = Pattern.compile("(\\d+)\\s*(h|m|s|ms)");

    /** The units, the largest first. */
    private enum Unit {
        H(3_600_000),
        M(60_000),
        S(1_000),
        MS(1);

        private final long millis;

        Unit(long millis) {
            this.millis = millis;
        }
    }

    private Durations() {}

    static Duration parse(String text) {
        var matcher = SHORT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        var unit = Unit.valueOf(matcher.group(2).toUpperCase(Locale.ROOT));
        return Duration.ofMillis(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit.millis));
    }

    static Duration within(Duration least, Duration value) {
        if (value.compareTo(least) < 0 || value.compareTo(MOST) > 0) {
            throw new IllegalArgumentException(value.toString());
        }
        return value;
    }

    static String format(Duration duration) {
        long millis = duration.toMillis();
        for (Unit unit : Unit.values()) {
            if (millis % unit.millis == 0) {
                return millis / unit.millis + unit.name().toLowerCase(Locale.ROOT);
            }
        }
        throw new IllegalArgumentException(duration.toString());
    }
}
