package dev.isolated.postgres;

import java.util.HashMap;
import java.util.Map;

/**
 * The parameters that the server reports of its own accord whenever they change: what it last said, and what each
 * connection's driver was told. Whoever has the turn uses it.
 */
final class Reports {

    private final Map<String, String> latest;
    private int version;

    /** Begins with what the server said when the connection was opened. */
    Reports(Map<String, String> opened) {
        latest = new HashMap<>(opened);
    }

    void take(String name, String value) {
        latest.put(name, value);
        version++;
    }

    /** What one driver knows. */
    final class Told {

        private final Map<String, String> values = new HashMap<>();
        private int seen;

        /** The driver of a new connection, which has been greeted with these. */
        void greeted(Map<String, String> parameters) {
            values.putAll(parameters);
            seen = -1;
        }

        /** Whether backslashes in plain strings mean nothing. */
        boolean conforming() {
            return !"off".equals(values.get("standard_conforming_strings"));
        }

        /** Tells it what is otherwise by now. */
        void update(WireWriter out) {
            if (seen == version) {
                return;
            }
            seen = version;
            latest.forEach((name, value) -> {
                if (!value.equals(values.put(name, value))) {
                    out.begin('S').text(name).text(value).end();
                }
            });
        }
    }
}
