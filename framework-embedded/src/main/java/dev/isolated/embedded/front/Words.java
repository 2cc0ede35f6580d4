package dev.isolated.embedded.front;

import java.util.Locale;

/**
 * Goes over the words of a statement that stand outside of parentheses, strings, quoted names and comments. It looks at
 * bytes as if each were a character, which is right for all that it searches. Used by one thread.
 */
final class Words {

    private static final char LAST_OF_ASCII = '\u007f';

    private final String text;
    private int at;
    private int depth;
    private int start;
    private String word = "";
    private boolean parenthesis;
    private boolean dot;
    private boolean apart;
    private boolean ended;
    private boolean goesOn;

    Words(String text) {
        this.text = text;
    }

    /** Goes to the next word; false where there is none. */
    boolean next() {
        parenthesis = false;
        dot = false;
        apart = false;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (isLetter(c)) {
                start = at;
                while (at < text.length() && isPart(text.charAt(at))) {
                    at++;
                }
                goesOn |= ended;
                if (depth == 0) {
                    word = text.substring(start, at).toUpperCase(Locale.ROOT);
                    return true;
                }
            } else {
                skip(c);
            }
        }
        start = at;
        word = "";
        return false;
    }

    /** The word in capitals; empty at the end. */
    String word() {
        return word;
    }

    /** The word as it was written. */
    String spelled() {
        return text.substring(start, start + word.length());
    }

    int start() {
        return start;
    }

    int end() {
        return start + word.length();
    }

    /** Whether a parenthesis came before the word. */
    boolean afterParenthesis() {
        return parenthesis;
    }

    /** Whether it is the second part of a name: a dot stands before it, and nothing between. */
    boolean afterDot() {
        return dot;
    }

    /** Whether nothing but blanks and comments stands before it since the last word; at the end of a text, behind that. */
    boolean follows() {
        return !apart;
    }

    /** Goes to the end; whether anything stood behind a semicolon. */
    boolean goesOn() {
        boolean more;
        do {
            more = next();
        } while (more);
        return goesOn;
    }

    private void skip(char c) {
        int from = at;
        skipOne(c);
        if (c == ';' && depth == 0) {
            ended = true;
        } else if (!isBlankOrComment(from)) {
            apart = true;
            dot = c == '.';
            goesOn |= ended;
        }
    }

    /** The engine takes blanks of all alphabets for blanks; nothing else beyond ASCII can stand outside of quotes. */
    private boolean isBlankOrComment(int from) {
        char c = text.charAt(from);
        boolean skipped = at - from > 1;
        return c <= ' ' || (c > LAST_OF_ASCII ? !skipped : skipped && "-/#".indexOf(c) >= 0);
    }

    private void skipOne(char c) {
        switch (c) {
            case '\'', '"', '`' -> skipQuoted(c);
            case '(', '[', '{' -> {
                parenthesis = true;
                depth++;
                at++;
            }
            case ')', ']', '}' -> {
                depth = Math.max(0, depth - 1);
                at++;
            }
            case '-' -> skipLine("--");
            case '/' -> skipSlash();
            case '#' -> skipHash();
            case '\u00e2' -> skipCurlyQuoted();
            case '$' -> skipHeredoc();
            default -> {
                at++;
                // What begins with a digit is no word, nor is any part of it.
                while (Character.isDigit(c) && at < text.length() && isPart(text.charAt(at))) {
                    at++;
                }
            }
        }
    }

    private void skipQuoted(char quote) {
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == quote) {
                break;
            }
        }
        at++;
    }

    private void skipLine(String begin) {
        if (text.startsWith(begin, at)) {
            skipTo("\n");
        } else {
            at++;
        }
    }

    private void skipSlash() {
        if (text.startsWith("/*", at)) {
            skipNested();
        } else {
            skipLine("//");
        }
    }

    /** Comments of this kind can stand in one another. */
    private void skipNested() {
        int open = 0;
        do {
            if (text.startsWith("/*", at)) {
                open++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                open--;
                at += 2;
            } else {
                at++;
            }
        } while (open > 0 && at < text.length());
    }

    private void skipHash() {
        if (text.startsWith("# ", at) || text.startsWith("#!", at)) {
            skipTo("\n");
        } else {
            at++;
        }
    }

    /** Quotes as typographers have them. */
    private void skipCurlyQuoted() {
        if (text.startsWith("\u00e2\u0080\u0098", at)) {
            skipTo("\u00e2\u0080\u0099");
        } else if (text.startsWith("\u00e2\u0080\u009c", at)) {
            skipTo("\u00e2\u0080\u009d");
        } else {
            at++;
        }
    }

    private void skipHeredoc() {
        int close = text.indexOf('$', at + 1);
        boolean tagged = close > 0 && text.substring(at + 1, close).chars().allMatch(c -> isPart((char) c));
        if (tagged) {
            String tag = text.substring(at, close + 1);
            at = close + 1;
            skipTo(tag);
        } else {
            at++;
        }
    }

    private void skipTo(String end) {
        int found = text.indexOf(end, at);
        at = found < 0 ? text.length() : found + end.length();
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isPart(char c) {
        return isLetter(c) || (c >= '0' && c <= '9');
    }
}
