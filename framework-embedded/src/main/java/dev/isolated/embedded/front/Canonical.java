package dev.isolated.embedded.front;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A statement as the engine writes it: on one line, without comments, keywords in capitals, one way of quoting. Immutable.
 *
 * @param text all of it
 * @param code the same without what strings say, but for single words, and with no quotes around names that are words
 */
record Canonical(String text, String code) {

    private static final Pattern QUOTED = Pattern.compile("'((?:[^'\\\\]|\\\\.)*+)'|`((?:[^`\\\\]|\\\\.)*+)`");

    static Canonical of(String text) {
        return new Canonical(text, QUOTED.matcher(text).replaceAll(Canonical::bare));
    }

    private static String bare(MatchResult quoted) {
        String string = quoted.group(1);
        if (string != null) {
            return "'" + word(string) + "'";
        }
        String name = word(quoted.group(2));
        return name.isEmpty() ? "``" : name;
    }

    private static String word(String text) {
        return text.matches("\\w*") ? text : "";
    }

    /** Whether it begins so. */
    boolean begins(String words) {
        return code.startsWith(words);
    }

    /** Whether that stands in it, outside of strings. */
    boolean says(String words) {
        return code.contains(words);
    }

    /** Whether something of that kind stands in it, outside of strings. */
    boolean has(Pattern pattern) {
        return pattern.matcher(code).find();
    }

    Matcher matcher(Pattern pattern) {
        return pattern.matcher(text);
    }
}
