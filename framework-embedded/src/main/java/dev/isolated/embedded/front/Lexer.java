package dev.isolated.embedded.front;

import java.util.Locale;

/**
 * Goes over the tokens of a statement, as ClickHouse's own lexer has them; comments and blanks are none. It looks at bytes
 * as if each were a character. Used by one thread.
 */
final class Lexer {

    /** What a token is. */
    enum Kind {
        WORD,
        /** A name in quotes. */
        NAME,
        STRING,
        OTHER
    }

    /**
     * A token. Immutable.
     *
     * @param text a word in capitals; what stands between quotes, as it is written; else the character
     * @param depth how many brackets it is in
     */
    record Token(Kind kind, String text, int depth) {

        boolean isWord(String word) {
            return kind == Kind.WORD && text.equals(word);
        }

        boolean is(char other) {
            return kind == Kind.OTHER && text.charAt(0) == other;
        }

        /** Whether it can be a name. */
        boolean names() {
            return kind == Kind.WORD || kind == Kind.NAME;
        }
    }

    /** How quotes that a keyboard does not have begin, and how they end. */
    private static final String SINGLE = "\u00e2\u0080\u0098";

    private static final String SINGLE_END = "\u00e2\u0080\u0099";
    private static final String DOUBLE = "\u00e2\u0080\u009c";
    private static final String DOUBLE_END = "\u00e2\u0080\u009d";

    private static final Token END = new Token(Kind.OTHER, "\0", 0);

    private final String text;
    private int at;
    private int start;
    private int depth;
    private Token token = END;

    Lexer(String text) {
        this.text = text;
    }

    /** Goes to the next token; false where there is none. */
    boolean next() {
        skipBlanks();
        start = at;
        token = at < text.length() ? read(text.charAt(at)) : END;
        return start < text.length();
    }

    Token token() {
        return token;
    }

    int start() {
        return start;
    }

    int end() {
        return at;
    }

    /** The token as it was written. */
    String spelled() {
        return text.substring(start, at);
    }

    private Token read(char c) {
        if (isDigital(c) && follows(1, "'")) {
            return quoted(Kind.STRING, 2, "'");
        }
        if (isPart(c)) {
            return word();
        }
        return switch (c) {
            case '\'' -> escaped(Kind.STRING, c);
            case '"', '`' -> escaped(Kind.NAME, c);
            case '$' -> heredoc();
            case '(', '[', '{' -> other(depth++);
            case ')', ']', '}' -> {
                depth = Math.max(0, depth - 1);
                yield other(depth);
            }
            default -> {
                if (text.startsWith(SINGLE, at)) {
                    yield quoted(Kind.STRING, SINGLE.length(), SINGLE_END);
                }
                yield text.startsWith(DOUBLE, at) ? quoted(Kind.NAME, DOUBLE.length(), DOUBLE_END) : other(depth);
            }
        };
    }

    private Token word() {
        while (at < text.length() && (isPart(text.charAt(at)) || text.charAt(at) == '$')) {
            at++;
        }
        return new Token(Kind.WORD, spelled().toUpperCase(Locale.ROOT), depth);
    }

    private Token other(int inside) {
        at++;
        return new Token(Kind.OTHER, spelled(), inside);
    }

    private Token escaped(Kind kind, char quote) {
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == quote) {
                if (!follows(1, String.valueOf(quote))) {
                    break;
                }
                at++;
            }
        }
        int end = Math.min(at, text.length());
        at = Math.min(at + 1, text.length());
        return new Token(kind, text.substring(start + 1, end), depth);
    }

    /** Nothing in it is special but its end. */
    private Token quoted(Kind kind, int opening, String closing) {
        int end = text.indexOf(closing, at + opening);
        at = end < 0 ? text.length() : end + closing.length();
        return new Token(kind, text.substring(start + opening, end < 0 ? at : end), depth);
    }

    private Token heredoc() {
        int named = text.indexOf('$', at + 1);
        String mark = named < 0 ? "" : text.substring(at, named + 1);
        boolean tagged =
                named >= 0 && mark.substring(1, mark.length() - 1).chars().allMatch(it -> isPart((char) it));
        if (tagged && text.indexOf(mark, named + 1) >= 0) {
            return quoted(Kind.STRING, mark.length(), mark);
        }
        return at + 1 == text.length() || !isPart(text.charAt(at + 1)) ? other(depth) : word();
    }

    private void skipBlanks() {
        int before;
        do {
            before = at;
            while (at < text.length() && isBlank(at)) {
                at++;
            }
            if (follows(0, "--") || follows(0, "//") || follows(0, "# ") || follows(0, "#!")) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (follows(0, "/*")) {
                skipNested();
            }
        } while (at > before);
    }

    private void skipNested() {
        int open = 0;
        do {
            boolean opening = follows(0, "/*");
            boolean closing = follows(0, "*/");
            open += opening ? 1 : closing ? -1 : 0;
            at += opening || closing ? 2 : 1;
        } while (open > 0 && at < text.length());
        at = Math.min(at, text.length());
    }

    /** What has no meaning in ASCII is a blank, or an error to the engine. */
    private boolean isBlank(int position) {
        char c = text.charAt(position);
        return c <= ' ' || (c >= '\u0080' && !text.startsWith(SINGLE, position) && !text.startsWith(DOUBLE, position));
    }

    private boolean follows(int offset, String what) {
        return text.startsWith(what, at + offset);
    }

    private static boolean isDigital(char c) {
        return c == 'x' || c == 'X' || c == 'b' || c == 'B';
    }

    private static boolean isPart(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    }
}
