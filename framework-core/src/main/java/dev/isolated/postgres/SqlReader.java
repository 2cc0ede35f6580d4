package dev.isolated.postgres;

import java.util.Locale;

/**
 * A place in an SQL text that moves forward the way PostgreSQL's lexer does: over words, quotes, dollar-quotes and
 * comments, which nest. Not thread-safe.
 */
final class SqlReader {

    private static final char END = 0;

    private final String sql;
    private int at;

    SqlReader(String sql) {
        this.sql = sql;
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
        return since(start).toUpperCase(Locale.ROOT);
    }

    /** The next identifier: in quotes as it is, else in small letters; empty when something else or nothing follows. */
    String identifier() {
        skipBlank();
        int start = at;
        if (peek(0) != '"') {
            return word().toLowerCase(Locale.ROOT);
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
            if (Character.isWhitespace(peek(0))) {
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
        if (c == '\'' || c == '"') {
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
            skipQuoted('\'', word.equals("E"));
        }
    }

    private boolean atLineComment() {
        return peek(0) == '-' && peek(1) == '-';
    }

    private boolean atBlockComment() {
        return peek(0) == '/' && peek(1) == '*';
    }

    private void skipLineComment() {
        while (!atEnd() && peek(0) != '\n' && peek(0) != '\r') {
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

    private static boolean isWordStart(char c) {
        return Character.isLetter(c) || c == '_';
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '$';
    }

    private char peek(int ahead) {
        return at + ahead < sql.length() ? sql.charAt(at + ahead) : END;
    }
}
