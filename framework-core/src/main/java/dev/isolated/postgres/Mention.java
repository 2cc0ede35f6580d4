package dev.isolated.postgres;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Words whose mere presence in a text, even within others, makes a closer look worthwhile. */
enum Mention {
    DEFERRABLE("deferr"),
    SET_CONFIG("set_config"),
    ADVISORY("advisory_");

    private final String word;

    Mention(String word) {
        this.word = word;
    }

    /** What of this a text mentions, in one pass and mostly without allocating. */
    static Set<Mention> in(String sql) {
        Set<Mention> found = Set.of();
        for (int at = 0; at < sql.length(); at++) {
            Mention candidate = candidate(sql.charAt(at));
            if (candidate != null && candidate.at(sql, at)) {
                found = found.isEmpty() ? EnumSet.of(candidate) : with(found, candidate);
            }
        }
        return found;
    }

    private boolean at(String sql, int place) {
        return sql.regionMatches(true, place, word, 0, word.length());
    }

    private static Set<Mention> with(Set<Mention> found, Mention more) {
        var all = EnumSet.copyOf(found);
        all.add(more);
        return all;
    }

    private static @Nullable Mention candidate(char c) {
        return switch (c) {
            case 'd', 'D' -> DEFERRABLE;
            case 's', 'S' -> SET_CONFIG;
            case 'a', 'A' -> ADVISORY;
            default -> null;
        };
    }
}
