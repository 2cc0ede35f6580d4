package dev.isolated.postgres;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/** Words whose mere presence in a text, mostly even within others, makes a closer look worthwhile. */
enum Mention {
    DEFERRABLE("deferr"),
    SET_CONFIG("set_config"),
    ADVISORY("advisory_"),
    TEMPORARY("temp"),
    INSERT("insert", true),
    MERGE("merge", true),
    NEXTVAL("nextval"),
    SETVAL("setval"),
    LASTVAL("lastval"),
    CURRVAL("currval");

    private static final int LETTERS = 'z' + 1;
    private static final Mention[][] BY_FIRST = new Mention[LETTERS][];

    static {
        for (Mention mention : values()) {
            for (char first : mention.firsts()) {
                Mention[] others = BY_FIRST[first] == null ? new Mention[0] : BY_FIRST[first];
                BY_FIRST[first] = Arrays.copyOf(others, others.length + 1);
                BY_FIRST[first][others.length] = mention;
            }
        }
    }

    private final String word;
    private final boolean whole;

    Mention(String word) {
        this(word, false);
    }

    /** @param whole whether it does not count within another word */
    Mention(String word, boolean whole) {
        this.word = word;
        this.whole = whole;
    }

    /** What of this a text mentions, in one pass and mostly without allocating. */
    static Set<Mention> in(String sql) {
        Set<Mention> found = Set.of();
        for (int at = 0; at < sql.length(); at++) {
            char c = sql.charAt(at);
            Mention[] candidates = c < LETTERS ? BY_FIRST[c] : null;
            if (candidates != null) {
                found = with(found, candidates, sql, at);
            }
        }
        return found;
    }

    private boolean at(String sql, int place) {
        return sql.regionMatches(true, place, word, 0, word.length())
                && !(whole && (partOfWord(sql, place - 1) || partOfWord(sql, place + word.length())));
    }

    private static boolean partOfWord(String sql, int place) {
        return place >= 0
                && place < sql.length()
                && (sql.charAt(place) == '_' || Character.isLetterOrDigit(sql.charAt(place)));
    }

    private char[] firsts() {
        char small = word.charAt(0);
        return new char[] {small, Character.toUpperCase(small)};
    }

    private static Set<Mention> with(Set<Mention> found, Mention[] candidates, String sql, int place) {
        Set<Mention> all = found;
        for (Mention candidate : candidates) {
            if (candidate.at(sql, place)) {
                all = all.isEmpty() ? EnumSet.noneOf(Mention.class) : all;
                all.add(candidate);
            }
        }
        return all;
    }
}
