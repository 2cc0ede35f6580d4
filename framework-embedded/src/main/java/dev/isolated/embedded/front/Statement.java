package dev.isolated.embedded.front;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A statement, as far as it must be understood to know how to run it. Immutable; nobody changes the bytes.
 *
 * @param sql what the engine is given
 * @param words the first words in capitals, of which more than some nobody needs; of an insert those from that word on
 * @param kind how it is run
 * @param format the one that the statement itself names; empty where it names none
 * @param headLength how much of it is no row of an insert
 * @param data what stood behind the statement of an insert
 */
@SuppressWarnings("ArrayRecordComponent")
record Statement(byte[] sql, List<String> words, Kind kind, String format, int headLength, byte[] data) {

    /** How a statement is run. */
    enum Kind {
        /** Its data is handed over apart from it, in a format. */
        INSERT,
        /** Its result may be long. */
        SELECT,
        /** All others. */
        WHOLE
    }

    /** A text whose characters are the bytes of another. */
    static final Charset BYTES = StandardCharsets.ISO_8859_1;

    private static final byte[] NOTHING = {};
    private static final Set<String> INSERTS_NO_DATA = Set.of("SELECT", "WITH", "VALUES", "WATCH");
    private static final Set<String> BEFORE_A_NAME = Set.of("INTO", "TABLE", "FUNCTION");

    /** What can stand behind a column or a table that is called format, at the end of a statement. */
    private static final Set<String> NO_FORMATS = Set.of("ASC", "DESC", "FINAL");

    private static final int WORDS = 12;
    private static final int BEGINNING = 4_000;

    static Statement of(byte[] sql) {
        String text = new String(sql, BYTES);
        var words = new Words(text);
        words.next();
        return switch (words.word()) {
            case "INSERT" -> insert(sql, text, words);
            case "WITH" -> goesOnToInsert(words) ? insert(sql, text, words) : other(sql, text, Kind.SELECT);
            case "SELECT", "FROM" -> other(sql, text, Kind.SELECT);
            default -> other(sql, text, words.afterParenthesis() ? Kind.SELECT : Kind.WHOLE);
        };
    }

    /** Goes to the insert that what {@code WITH} names is for, where there is one: a name may be called like either word. */
    private static boolean goesOnToInsert(Words words) {
        String before = "";
        while (words.next() && !words.word().equals("SELECT")) {
            if (words.word().equals("INTO") && before.equals("INSERT") && !words.afterDot()) {
                return true;
            }
            before = words.word();
        }
        return false;
    }

    /** The same, of which this is the beginning; all of it is looked at only where it is no rows. */
    Statement goingOn(byte[] all) {
        return headLength < sql.length ? new Statement(all, words, kind, format, headLength, data) : of(all);
    }

    /** The same with what came apart from it. */
    Statement followedBy(byte[] more) {
        byte[] all = Arrays.copyOf(sql, sql.length + 1 + more.length);
        all[sql.length] = '\n';
        System.arraycopy(more, 0, all, sql.length + 1, more.length);
        return new Statement(all, words, kind, format, headLength == sql.length ? all.length : headLength, data);
    }

    /** Whether these are its first words. */
    boolean begins(List<String> with) {
        return words.size() >= with.size() && words.subList(0, with.size()).equals(with);
    }

    /** Whether it puts rows into a table, whatever comes before that. */
    boolean inserts() {
        return begins(List.of("INSERT"));
    }

    /** Whether no other comes behind it. */
    boolean isOne() {
        return !new Words(head()).goesOn();
    }

    /** Whether a word of capitals stands anywhere in it but in rows, however it is written there. */
    boolean contains(String word) {
        for (int at = 0; at + word.length() <= headLength; at++) {
            int same = 0;
            while (same < word.length() && Character.toUpperCase((char) (sql[at + same] & 0xff)) == word.charAt(same)) {
                same++;
            }
            if (same == word.length()) {
                return true;
            }
        }
        return false;
    }

    /** As much of it as a person would read. */
    String beginning() {
        return new String(sql, 0, Math.min(sql.length, BEGINNING), StandardCharsets.UTF_8);
    }

    /** All of it but rows, each byte as a character. */
    String head() {
        return new String(sql, 0, headLength, BYTES);
    }

    /** With the format that its data is in. */
    byte[] whole() {
        return kind == Kind.INSERT ? (head() + " FORMAT " + format).getBytes(BYTES) : sql;
    }

    String text() {
        return new String(sql, StandardCharsets.UTF_8);
    }

    private static Statement insert(byte[] sql, String text, Words words) {
        var seen = new ArrayList<>(List.of("INSERT"));
        if (words.word().equals("INTO")) {
            seen.add("INTO");
        }
        while (words.next()) {
            if (words.afterDot() || (words.follows() && BEFORE_A_NAME.contains(seen.get(seen.size() - 1)))) {
                // A table may be called like any word.
                seen.add(words.word());
                continue;
            }
            boolean file =
                    words.word().equals("INFILE") && seen.get(seen.size() - 1).equals("FROM");
            if (file || INSERTS_NO_DATA.contains(words.word())) {
                seen.add(words.word());
                // A partition is an expression, in which a column may be called so.
                boolean rows = words.word().equals("VALUES") && !seen.contains("PARTITION");
                int head = rows ? words.end() : sql.length;
                return new Statement(sql, seen, Kind.WHOLE, "", head, NOTHING);
            }
            if (words.word().equals("FORMAT")) {
                int end = words.start();
                words.next();
                return new Statement(
                        Arrays.copyOf(sql, end),
                        seen,
                        Kind.INSERT,
                        words.spelled(),
                        end,
                        Arrays.copyOfRange(sql, data(text, words.end()), sql.length));
            }
            seen.add(words.word());
        }
        return new Statement(sql, seen, Kind.INSERT, "Values", sql.length, NOTHING);
    }

    /** Behind the format comes the rest of its line, and then data. */
    private static int data(String text, int from) {
        int at = from;
        while (at < text.length() && " \t\r;".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        return at < text.length() && text.charAt(at) == '\n' ? at + 1 : at;
    }

    /** A format is what follows the word at once, where nothing but settings comes behind; columns are called format, too. */
    private static Statement other(byte[] sql, String text, Kind kind) {
        var seen = new ArrayList<String>();
        String format = "";
        String before = "";
        var words = new Words(text);
        while (words.next()) {
            if (seen.size() < WORDS) {
                seen.add(words.word());
            }
            if (before.equals("FORMAT") && words.follows() && !NO_FORMATS.contains(words.word())) {
                format = words.spelled();
                before = "";
            } else if (!format.isEmpty() && words.follows() && words.word().equals("SETTINGS")) {
                break;
            } else {
                format = "";
                before = words.word();
            }
        }
        return new Statement(sql, seen, kind, words.follows() ? format : "", sql.length, NOTHING);
    }
}
