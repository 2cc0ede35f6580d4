package dev.isolated.embedded.front;

import dev.isolated.embedded.front.Lexer.Token;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A statement, as far as it must be understood to know how to run it. Nobody changes the bytes. Used by one thread.
 *
 * @param sql what the engine is given
 * @param tokens all of them, but for the rows of an insert
 * @param kind how it is run
 * @param format the one that the statement itself names; empty where it names none
 * @param data of an insert, which is read once
 */
@SuppressWarnings("ArrayRecordComponent")
record Statement(byte[] sql, List<Token> tokens, Kind kind, String format, InputStream data) {

    /** How a statement is run. */
    enum Kind {
        /** Its data is handed over apart from it, in a format. */
        INSERT,
        /** It has its rows in it. */
        VALUES,
        /** Its result may be long. */
        SELECT,
        /** All others. */
        WHOLE
    }

    private static final Set<String> BEFORE_A_NAME = Set.of("INSERT", "INTO", "TABLE", "FUNCTION");
    private static final Set<String> INSERTS_NO_DATA = Set.of("SELECT", "WITH", "WATCH", "INFILE");
    private static final int BEGINNING = 4_000;

    static Statement of(byte[] sql) {
        String text = new String(sql, StandardCharsets.ISO_8859_1);
        var lexer = new Lexer(text);
        boolean bracket = false;
        while (lexer.next() && lexer.token().is('(')) {
            bracket = true;
        }
        return switch (lexer.token().text()) {
            case "INSERT" -> insert(sql, text);
            case "SELECT", "WITH" -> other(sql, text, Kind.SELECT);
            default -> other(sql, text, bracket ? Kind.SELECT : Kind.WHOLE);
        };
    }

    /** The same with what came apart from it. */
    Statement followedBy(byte[] more) {
        byte[] all = Arrays.copyOf(sql, sql.length + more.length);
        System.arraycopy(more, 0, all, sql.length, more.length);
        return of(all);
    }

    /** The same with more data. */
    Statement before(InputStream more) {
        return new Statement(sql, tokens, kind, format, new SequenceInputStream(data, more));
    }

    /** The word with that number, counted from 0; empty where there is no word. */
    String word(int number) {
        return number < tokens.size() && tokens.get(number).kind() == Lexer.Kind.WORD
                ? tokens.get(number).text()
                : "";
    }

    /** Whether these are its first words. */
    boolean begins(List<String> with) {
        return has(with, 0);
    }

    /** Whether these words stand one behind another from that token on. */
    boolean has(List<String> words, int from) {
        return IntStream.range(0, words.size()).allMatch(it -> word(from + it).equals(words.get(it)));
    }

    /** As much of it as a person would read. */
    String beginning() {
        return new String(sql, 0, Math.min(sql.length, BEGINNING), StandardCharsets.UTF_8);
    }

    String text() {
        return new String(sql, StandardCharsets.UTF_8);
    }

    private static Statement insert(byte[] sql, String text) {
        var seen = new ArrayList<Token>();
        var lexer = new Lexer(text);
        while (lexer.next()) {
            Token token = lexer.token();
            if (isKeyword(token, seen)) {
                if (token.text().equals("VALUES")) {
                    return new Statement(sql, seen, Kind.VALUES, "", InputStream.nullInputStream());
                }
                if (INSERTS_NO_DATA.contains(token.text())) {
                    return other(sql, text, Kind.WHOLE);
                }
                if (token.text().equals("FORMAT")) {
                    int end = lexer.start();
                    lexer.next();
                    int begin = data(text, lexer.end());
                    return new Statement(
                            Arrays.copyOf(sql, end),
                            seen,
                            Kind.INSERT,
                            lexer.spelled(),
                            new ByteArrayInputStream(sql, begin, sql.length - begin));
                }
            }
            seen.add(token);
        }
        return new Statement(sql, seen, Kind.INSERT, "Values", InputStream.nullInputStream());
    }

    /** What follows certain words is a name, whatever it looks like. */
    private static boolean isKeyword(Token token, List<Token> before) {
        if (token.kind() != Lexer.Kind.WORD || token.depth() > 0 || before.isEmpty()) {
            return false;
        }
        Token last = before.get(before.size() - 1);
        return !last.is('.') && !(last.kind() == Lexer.Kind.WORD && BEFORE_A_NAME.contains(last.text()));
    }

    /** Behind the format comes the rest of its line, and then data. */
    private static int data(String text, int from) {
        int at = from;
        while (at < text.length() && " \t\r;".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() && text.charAt(at) == '\n' ? at + 1 : at;
    }

    /** A format is what follows the word, where nothing but settings comes behind. */
    private static Statement other(byte[] sql, String text, Kind kind) {
        var seen = new ArrayList<Token>();
        String format = "";
        boolean awaited = false;
        boolean settled = false;
        var lexer = new Lexer(text);
        while (lexer.next()) {
            Token token = lexer.token();
            seen.add(token);
            if (token.kind() != Lexer.Kind.WORD || token.depth() > 0 || settled) {
                continue;
            }
            if (awaited) {
                format = lexer.spelled();
                awaited = false;
            } else if (!format.isEmpty() && token.text().equals("SETTINGS")) {
                settled = true;
            } else {
                format = "";
                awaited = token.text().equals("FORMAT");
            }
        }
        return new Statement(sql, seen, kind, format, InputStream.nullInputStream());
    }
}
