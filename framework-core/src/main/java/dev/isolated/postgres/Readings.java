package dev.isolated.postgres;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What statements mean that have been read before: tests say the same few over and over, on connections that are new each
 * time. Whoever has the turn uses it.
 */
final class Readings {

    private static final int MOST = 256;
    private static final int LONGEST = 8 * 1024;

    private final Map<String, Part> known = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Part> eldest) {
            return size() > MOST;
        }
    };

    /**
     * One statement.
     *
     * @param conforming whether backslashes in plain strings mean nothing, as is usual
     */
    Part of(String sql, boolean conforming) {
        return conforming && sql.length() <= LONGEST
                ? known.computeIfAbsent(sql, text -> Part.of(text, true))
                : Part.of(sql, conforming);
    }
}
