package dev.isolated.postgres;

/**
 * A place in an SQL text that moves forward the way PostgreSQL's lexer does: over words, quotes, dollar-quotes and
 * comments, which nest. Not thread-safe.
 */
final class SqlReader {

    private static final char END = 0;
    private static final char ASCII = 127;

    private final String sql;
    private final boolean conforming;
    private int at;

    SqlReader(String sql) {
        this(sql, true);
    }

    /** @param conforming whether backslashes in plain strings mean nothing: {@code standard_conforming_strings} */
    SqlReader(String sql, boolean conforming) {
        this.sql = sql;
        this.conforming = conforming;
    }

    boolean atEnd() {
        return at >= sql.length();
    }

    /** Where in the text it is. */
    int at() {
        return at;
    }

    /** Goes back to where it has been. */
    void back(int place) {
        at = place;
    }

    /** The character that comes next, or zero at the end. */
    char next() {
        return peek(0);
    }

    void step() {
        at++;
    }

    /** The text from an earlier place up to here. */
    String since(int start) {
        return sql.substring(start, at);
    }

    /** The text from an earlier place on, all of it. */
    String from(int start) {
        return sql.substring(start);
    }

    /** The next word in capitals, or empty when something else or nothing follows; white space and comments do not count. */
    String word() {
        skipBlank();
        int start = at;
        if (atWord()) {
            while (isWordPart(peek(0))) {
                at++;
            }
        }
        return inCapitals(since(start));
    }

    /** The next identifier: in quotes as it is, else in small letters; empty when something else or nothing follows. */
    String identifier() {
        skipBlank();
        int start = at;
        if (peek(0) != '"') {
            return inSmallLetters(word());
        }
        skipQuoted('"', false);
        return sql.substring(start + 1, Math.max(start + 1, at - 1)).replace("\"\"", "\"");
    }

    /** Whether a word begins here. */
    boolean atWord() {
        return isWordStart(peek(0));
    }

    /** Goes over white space and comments. */
    void skipBlank() {
        while (!atEnd()) {
            if (isSpace(peek(0))) {
                at++;
            } else if (atLineComment()) {
                skipLineComment();
            } else if (atBlockComment()) {
                skipBlockComment();
            } else {
                return;
            }
        }
    }

    /** Goes over something that is no word, as a whole where it could hide one. */
    void skipToken() {
        char c = peek(0);
        if (c == '\'') {
            skipString(!conforming);
        } else if (c == '"') {
            skipQuoted(c, false);
        } else if (c == '$') {
            skipDollarQuoted();
        } else if (atLineComment()) {
            skipLineComment();
        } else if (atBlockComment()) {
            skipBlockComment();
        } else {
            at++;
        }
    }

    /** Goes over a string that follows a word at once; in those that follow an E, backslashes escape. */
    void skipStringOf(String word) {
        if (peek(0) == '\'') {
            skipString(
                    switch (word) {
                        case "E" -> true;
                        case "B", "X" -> false;
                        default -> !conforming;
                    });
        }
    }

    /** A string goes on in the next line, in the way in which it has begun. */
    private void skipString(boolean escapes) {
        do {
            skipQuoted('\'', escapes);
        } while (continues());
    }

    /** Goes to where a string goes on, if it does: behind white space and comments with the end of a line among them. */
    private boolean continues() {
        int end = at;
        boolean newLine = false;
        while (isSpace(peek(0)) || atLineComment()) {
            if (atLineComment()) {
                skipLineComment();
            } else {
                newLine |= isNewLine(peek(0));
                at++;
            }
        }
        if (newLine && peek(0) == '\'') {
            return true;
        }
        at = end;
        return false;
    }

    private boolean atLineComment() {
        return peek(0) == '-' && peek(1) == '-';
    }

    private boolean atBlockComment() {
        return peek(0) == '/' && peek(1) == '*';
    }

    private void skipLineComment() {
        while (!atEnd() && !isNewLine(peek(0))) {
            at++;
        }
    }

    private void skipBlockComment() {
        int depth = 0;
        do {
            if (atBlockComment()) {
                depth++;
                at += 2;
            } else if (peek(0) == '*' && peek(1) == '/') {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && !atEnd());
    }

    private void skipQuoted(char quote, boolean escapes) {
        at++;
        while (!atEnd()) {
            char c = sql.charAt(at++);
            if (c == '\\' && escapes) {
                at++;
            } else if (c == quote) {
                if (peek(0) != quote) {
                    return;
                }
                at++;
            }
        }
    }

    private void skipDollarQuoted() {
        int close = sql.indexOf('$', at + 1);
        if (close < 0 || !isTag(at + 1, close)) {
            at++;
            return;
        }
        String tag = sql.substring(at, close + 1);
        int end = sql.indexOf(tag, close + 1);
        at = end < 0 ? sql.length() : end + tag.length();
    }

    private boolean isTag(int from, int to) {
        for (int i = from; i < to; i++) {
            char c = sql.charAt(i);
            if (i == from ? !isWordStart(c) : !isWordPart(c)) {
                return false;
            }
        }
        return true;
    }

    /** Beyond ASCII, whatever it is. */
    private static boolean isWordStart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c > ASCII;
    }

    private static boolean isWordPart(char c) {
        return isWordStart(c) || (c >= '0' && c <= '9') || c == '$';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    private static boolean isNewLine(char c) {
        return c == '\n' || c == '\r';
    }

    private static String inCapitals(String word) {
        return mapped(word, 'a', 'A');
    }

    private static String inSmallLetters(String word) {
        return mapped(word, 'A', 'a');
    }

    /** Beyond ASCII there is no other case, as for the server's keywords. */
    private static String mapped(String word, char first, char to) {
        var letters = new StringBuilder(word);
        for (int i = 0; i < letters.length(); i++) {
            int letter = letters.charAt(i) - first;
            if (letter >= 0 && letter <= 'z' - 'a') {
                letters.setCharAt(i, (char) (to + letter));
            }
        }
        return letters.toString();
    }

    private char peek(int ahead) {
        return at + ahead < sql.length() ? sql.charAt(at + ahead) : END;
    }
}
