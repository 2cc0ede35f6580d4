package dev.isolated.postgres;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What new connections are told of the one session of the server that they share. Most ask for the same as the one before,
 * so that the last answer is kept. Thread-safe.
 */
final class Greetings {

    private final Map<String, String> shared;
    private volatile @Nullable Greeting last;

    /**
     * @param shared what the server said of that session
     */
    Greetings(Map<String, String> shared) {
        this.shared = shared;
    }

    /**
     * The answer to the parameters of a start-up message.
     *
     * @param test whose sandbox it is, for messages
     */
    Greeting of(byte[] bytes, int from, int end, Isolation isolation, String test) throws Refusal {
        Greeting known = last;
        if (known == null || known.isolation != isolation || !known.answers(bytes, from, end)) {
            known = new Greeting(Arrays.copyOfRange(bytes, from, end), isolation, test);
            last = known;
        }
        return known;
    }

    /** What one connection asked for, and is told. Immutable. */
    final class Greeting {

        private final byte[] asked;
        private final Isolation isolation;
        private final Map<String, String> own;
        private final Map<String, String> parameters = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private final WireWriter messages = new WireWriter();

        private Greeting(byte[] asked, Isolation isolation, String test) throws Refusal {
            this.asked = asked;
            this.isolation = isolation;
            own = Collections.unmodifiableMap(
                    new StartUpParameters(shared, isolation, test).own(asked, 0, asked.length));
            parameters.putAll(shared);
            own.forEach((name, value) -> parameters.computeIfPresent(name, (spelled, other) -> value));
            messages.begin('R').int32(0).end();
            parameters.forEach(
                    (name, value) -> messages.begin('S').text(name).text(value).end());
        }

        private boolean answers(byte[] bytes, int from, int end) {
            return Arrays.equals(asked, 0, asked.length, bytes, from, end);
        }

        /** The parameters that make the connection differ. */
        Map<String, String> own() {
            return own;
        }

        /** All that the connection is told of. */
        Map<String, String> parameters() {
            return parameters;
        }

        /** Admits the connection and tells it. */
        void tell(WireWriter out) {
            messages.appendTo(out);
        }
    }
}
