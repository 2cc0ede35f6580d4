package dev.isolated.settings;

import dev.isolated.error.Explanation;
import dev.isolated.error.SettingsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * All settings of a run, resolved and checked once. Equal when every value is equal. Immutable, and prints only what
 * differs from the defaults.
 */
public final class Settings {

    private final Map<String, Entry> entries;
    private final Map<String, Object> values = new TreeMap<>();

    private Settings(Map<String, Entry> entries) {
        this.entries = entries;
        entries.forEach((name, entry) -> values.put(name, entry.value));
    }

    public static Builder builder() {
        return new Builder();
    }

    @SuppressWarnings("unchecked")
    public <T> T get(Key<T> key) {
        Entry entry = entries.get(key.name());
        if (entry == null) {
            throw new SettingsException(Explanation.couldNot("read the setting " + key)
                    .expected("a key that some service or source on the class path declares")
                    .found("none that declares it")
                    .next("return it from keys() of the service or source that reads it"));
        }
        return (T) entry.value;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Settings settings && settings.values.equals(values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().differs)
                .map(entry -> entry.getKey() + "=" + entry.getValue().value + " (" + entry.getValue().origin + ")")
                .collect(Collectors.joining(", ", "Settings[", "]"));
    }

    private record Entry(String origin, Object value, boolean differs) {}

    /** A named place where settings were found, under the names of the keys. */
    private record Layer(String origin, Map<String, String> texts) {}

    /** Collects layers, the strongest first. Not thread-safe. */
    public static final class Builder {

        private static final String DEFAULT = "default";

        private final Map<String, Key<?>> keys = new TreeMap<>();
        private final List<Layer> layers = new ArrayList<>();

        private Builder() {
            declare(Keys.all());
        }

        /** Makes more keys known. */
        public Builder declare(Collection<Key<?>> more) {
            more.forEach(key -> keys.put(key.name(), key));
            return this;
        }

        /** Adds a layer below those added before; entries whose name is not in this library's namespace are ignored. */
        public Builder layer(String origin, Map<String, String> texts) {
            var own = new LinkedHashMap<String, String>();
            texts.forEach((name, text) -> {
                if (name.startsWith(Keys.PREFIX)) {
                    own.put(name, text);
                }
            });
            layers.add(new Layer(origin, own));
            return this;
        }

        /** Adds a layer of environment variables: {@code ISOLATED_LEASE_TIMEOUT} for {@code isolated.lease.timeout}. */
        public Builder variables(Map<String, String> variables) {
            var own = new LinkedHashMap<String, String>();
            variables.forEach((variable, text) -> {
                if (variable.startsWith("ISOLATED_")) {
                    own.put(keyOf(variable), text);
                }
            });
            layers.add(new Layer("environment variable", own));
            return this;
        }

        public Settings build() {
            for (Layer layer : layers) {
                layer.texts.keySet().forEach(name -> requireKnown(name, layer.origin));
            }
            Profile profile = (Profile) resolve(Keys.PROFILE, List.of()).value;
            var weakest = List.of(new Layer("profile", profile.defaults()));
            var entries = new TreeMap<String, Entry>();
            keys.values().forEach(key -> entries.put(key.name(), resolve(key, weakest)));
            return new Settings(entries);
        }

        private Entry resolve(Key<?> key, List<Layer> weakest) {
            Object fallback = parse(key, key.fallback(), DEFAULT);
            for (List<Layer> group : List.of(layers, weakest)) {
                for (Layer layer : group) {
                    String text = layer.texts.get(key.name());
                    if (text != null) {
                        Object value = parse(key, text, layer.origin);
                        return new Entry(layer.origin, value, !value.equals(fallback));
                    }
                }
            }
            return new Entry(DEFAULT, fallback, false);
        }

        private static Object parse(Key<?> key, String text, String origin) {
            try {
                return key.parse(text);
            } catch (IllegalArgumentException | ArithmeticException e) {
                throw new SettingsException(
                        Explanation.couldNot("use the setting " + key + " from the " + origin)
                                .expected(key.accepts())
                                .found("\"" + text + "\"")
                                .next("correct it, or remove it for the default \"" + key.fallback() + "\""),
                        e);
            }
        }

        private String keyOf(String variable) {
            return keys.values().stream()
                    .filter(key -> key.variable().equals(variable))
                    .map(Key::name)
                    .findFirst()
                    .orElse(variable);
        }

        private void requireKnown(String name, String origin) {
            if (keys.containsKey(name)) {
                return;
            }
            String nearest = Nearest.to(name, spellings(name));
            throw new SettingsException(Explanation.couldNot("use the setting " + name + " from the " + origin)
                    .expected("one of the " + keys.size() + " known keys")
                    .found("no key of that name")
                    .next("the nearest known one is " + nearest));
        }

        private List<String> spellings(String name) {
            boolean variable = name.startsWith("ISOLATED_");
            return keys.values().stream()
                    .map(key -> variable ? key.variable() : key.name())
                    .toList();
        }
    }
}
