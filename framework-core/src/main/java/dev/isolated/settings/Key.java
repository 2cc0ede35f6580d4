package dev.isolated.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The definition of one setting: its name, what values it takes, its default and its description. The reference in the
 * documentation is made from these. Immutable.
 */
public final class Key<T> {

    private final String name;
    private final String accepts;
    private final String fallback;
    private final String description;
    private final Function<String, T> parser;

    private Key(String name, String accepts, String fallback, String description, Function<String, T> parser) {
        this.name = name;
        this.accepts = accepts;
        this.fallback = fallback;
        this.description = description;
        this.parser = parser;
    }

    public static Key<Integer> integer(String name, int least, int most, int fallback, String description) {
        return new Key<>(
                name,
                "a whole number from " + least + " to " + most,
                Integer.toString(fallback),
                description,
                text -> within(least, most, Integer.parseInt(text)));
    }

    public static Key<Duration> duration(String name, Duration fallback, String description) {
        return duration(name, Duration.ZERO, fallback, description);
    }

    public static Key<Duration> duration(String name, Duration least, Duration fallback, String description) {
        return new Key<>(
                name,
                "a duration such as 500ms, 30s or 5m, "
                        + (least.isZero() ? "" : "at least " + Durations.format(least) + ", ") + "at most "
                        + Durations.format(Durations.MOST),
                Durations.format(fallback),
                description,
                text -> Durations.within(least, Durations.parse(text)));
    }

    /** A duration, or the word {@code off}, which is the default. */
    public static Key<Optional<Duration>> durationIfAny(String name, String description) {
        return new Key<>(
                name,
                "off, or a duration such as 30m or 4h, at least 1s, at most " + Durations.format(Durations.MOST),
                Keys.OFF,
                description,
                text -> text.equalsIgnoreCase(Keys.OFF)
                        ? Optional.empty()
                        : Optional.of(Durations.within(Duration.ofSeconds(1), Durations.parse(text))));
    }

    /** One of a few words, the first of which is the default. */
    public static Key<String> choice(String name, List<String> words, String description) {
        return new Key<>(name, oneOf(words), words.get(0), description, text -> word(words, text));
    }

    /** One of an enumeration's values, spelled in small letters. */
    public static <E extends Enum<E>> Key<E> choice(String name, E fallback, String description) {
        Map<String, E> values = Arrays.stream(fallback.getDeclaringClass().getEnumConstants())
                .collect(Collectors.toMap(Key::spelled, value -> value, (one, other) -> one, LinkedHashMap::new));
        List<String> words = List.copyOf(values.keySet());
        return new Key<>(name, oneOf(words), spelled(fallback), description, text -> values.get(word(words, text)));
    }

    public static Key<String> text(String name, String fallback, String description) {
        return new Key<>(name, "text", fallback, description, Function.identity());
    }

    /** A password; no message, no log and no listing of the settings shows it. The default is none. */
    public static Key<Secret> secret(String name, String description) {
        return new Key<>(name, "a password", "", description, Secret::of);
    }

    /** Entries separated by commas; the default is no entry. */
    public static Key<List<String>> list(String name, String description) {
        return list(name, List.of(), description);
    }

    /** Entries separated by commas. */
    public static Key<List<String>> list(String name, List<String> fallback, String description) {
        return new Key<>(
                name,
                "names separated by commas",
                String.join(", ", fallback),
                description,
                text -> Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(entry -> !entry.isEmpty())
                        .toList());
    }

    public String name() {
        return name;
    }

    /** What values it takes, in words. */
    public String accepts() {
        return accepts;
    }

    /** The default as a user would write it. */
    public String fallback() {
        return fallback;
    }

    public String description() {
        return description;
    }

    /** The environment variable that sets it. */
    public String variable() {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** The value that {@code text} stands for; {@link IllegalArgumentException} where it stands for none. */
    T parse(String text) {
        return parser.apply(text.strip());
    }

    private static String oneOf(List<String> words) {
        return words.stream().collect(Collectors.joining(", ", "one of ", ""));
    }

    private static String word(List<String> words, String text) {
        String word = text.toLowerCase(Locale.ROOT);
        if (!words.contains(word)) {
            throw new IllegalArgumentException(text);
        }
        return word;
    }

    private static int within(int least, int most, int value) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(Integer.toString(value));
        }
        return value;
    }

    private static String spelled(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public String toString() {
        return name;
    }
}
