package dev.isolated.postgres;

import java.util.Locale;

/**
 * Reads SQL the way PostgreSQL's lexer splits it: words, and statements ended by semicolons outside of quotes,
 * dollar-quotes, comments (which nest) and the bodies of {@code BEGIN ATOMIC} functions. Not thread-safe.
 */
final class SqlScanner {

    private static final char END = 0;

    private final String sql;
    private int at;

    SqlScanner(String sql) {
        this.sql = sql;
    }

    /** The next word in capitals, or empty when something else or nothing follows; white space and comments do not count. */
    String word() {
        skipBlank();
        int start = at;
        while (isWordPart(peek(0))) {
            at++;
        }
        return sql.substring(start, at).toUpperCase(Locale.ROOT);
    }

    /** Goes behind the semicolon that ends the current statement; false when there is nothing but blank left. */
    boolean nextStatement() {
        int bodies = 0;
        while (at < sql.length()) {
            char c = peek(0);
            if (c == ';' && bodies == 0) {
                at++;
                break;
            } else if (isWordPart(c) && !Character.isDigit(c)) {
                bodies = afterWord(word(), bodies);
            } else {
                skipToken(c);
            }
        }
        skipBlank();
        while (peek(0) == ';') {
            at++;
            skipBlank();
        }
        return at < sql.length();
    }

    /** All words from here to the end of the text, each followed by a space. */
    String words() {
        var words = new StringBuilder();
        while (at < sql.length()) {
            String word = word();
            if (word.isEmpty()) {
                at++;
            } else {
                words.append(word).append(' ');
            }
        }
        return words.toString();
    }

    /** Everything from here on. */
    String rest() {
        return sql.substring(at);
    }

    private int afterWord(String word, int bodies) {
        if (word.equals("ATOMIC")) {
            return bodies + 1;
        }
        if (bodies > 0 && word.equals("CASE")) {
            return bodies + 1;
        }
        if (bodies > 0 && word.equals("END")) {
            return bodies - 1;
        }
        if (word.equals("E") && peek(0) == '\'') {
            skipQuoted('\'', true);
        } else if (peek(0) == '\'') {
            skipQuoted('\'', false);
        }
        return bodies;
    }

    private void skipToken(char c) {
        switch (c) {
            case '\'', '"' -> skipQuoted(c, false);
            case '$' -> skipDollarQuoted();
            case '-' -> skipLineCommentOr(1);
            case '/' -> skipBlockCommentOr(1);
            default -> at++;
        }
    }

    private void skipBlank() {
        while (at < sql.length()) {
            char c = peek(0);
            if (Character.isWhitespace(c)) {
                at++;
            } else if (c == '-' && peek(1) == '-') {
                skipLineCommentOr(0);
            } else if (c == '/' && peek(1) == '*') {
                skipBlockCommentOr(0);
            } else {
                return;
            }
        }
    }

    private void skipLineCommentOr(int otherwise) {
        if (peek(1) != '-') {
            at += otherwise;
            return;
        }
        int end = sql.indexOf('\n', at);
        at = end < 0 ? sql.length() : end + 1;
    }

    private void skipBlockCommentOr(int otherwise) {
        if (peek(1) != '*') {
            at += otherwise;
            return;
        }
        int depth = 0;
        do {
            if (peek(0) == '/' && peek(1) == '*') {
                depth++;
                at += 2;
            } else if (peek(0) == '*' && peek(1) == '/') {
                depth--;
                at += 2;
            } else {
                at++;
            }
        } while (depth > 0 && at < sql.length());
    }

    private void skipQuoted(char quote, boolean escapes) {
        at++;
        while (at < sql.length()) {
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
            if (!isWordPart(c) || (i == from && Character.isDigit(c))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWordPart(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }

    private char peek(int ahead) {
        return at + ahead < sql.length() ? sql.charAt(at + ahead) : END;
    }
}
