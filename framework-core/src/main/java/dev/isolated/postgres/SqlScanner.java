package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.List;
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
        if (isWordStart(peek(0))) {
            while (isWordPart(peek(0))) {
                at++;
            }
        }
        return sql.substring(start, at).toUpperCase(Locale.ROOT);
    }

    /** The first word of the first statement that is not empty. */
    String verb() {
        return skipEmpty() ? word() : "";
    }

    /** The statements of a text, without those that are empty. */
    static List<String> statements(String sql) {
        var statements = new ArrayList<String>();
        var scanner = new SqlScanner(sql);
        while (scanner.skipEmpty()) {
            statements.add(scanner.statement());
        }
        return statements;
    }

    /** Goes to where a statement begins; false when there is none. */
    private boolean skipEmpty() {
        skipBlank();
        while (peek(0) == ';') {
            at++;
            skipBlank();
        }
        return at < sql.length();
    }

    /** The statement that begins here; goes behind the semicolon that ends it. */
    private String statement() {
        int start = at;
        boolean creates = word().equals("CREATE");
        String last = "";
        int bodies = 0;
        while (at < sql.length()) {
            char c = peek(0);
            if (c == ';' && bodies == 0) {
                return sql.substring(start, at++);
            } else if (isWordStart(c)) {
                String word = word();
                bodies = bodiesAfter(creates, last, word, bodies);
                skipStringOf(word);
                last = word;
            } else {
                skipToken(c);
            }
        }
        return sql.substring(start);
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

    /** In the body of a {@code CREATE FUNCTION … BEGIN ATOMIC … END}, semicolons end nothing. */
    private static int bodiesAfter(boolean creates, String last, String word, int bodies) {
        if (creates && last.equals("BEGIN") && word.equals("ATOMIC")) {
            return bodies + 1;
        }
        if (bodies > 0 && word.equals("CASE")) {
            return bodies + 1;
        }
        return bodies > 0 && word.equals("END") ? bodies - 1 : bodies;
    }

    private void skipStringOf(String prefix) {
        if (peek(0) == '\'') {
            skipQuoted('\'', prefix.equals("E"));
        }
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
        while (at < sql.length() && peek(0) != '\n' && peek(0) != '\r') {
            at++;
        }
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
