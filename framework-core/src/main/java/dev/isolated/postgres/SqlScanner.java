package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Reads SQL as words, and as statements ended by semicolons outside of quotes, comments and the bodies of {@code BEGIN
 * ATOMIC} functions. Not thread-safe.
 */
final class SqlScanner {

    /** Words that say of what kind the string is that follows them. */
    private static final Set<String> OWN_KIND = Set.of("E", "B", "X");

    private final SqlReader reader;

    SqlScanner(String sql) {
        this(new SqlReader(sql));
    }

    private SqlScanner(SqlReader reader) {
        this.reader = reader;
    }

    /** The next word in capitals, or empty when something else or nothing follows; white space and comments do not count. */
    String word() {
        return reader.word();
    }

    /** The next identifier as PostgreSQL keeps it: in quotes as it is, else in small letters; empty when there is none. */
    String identifier() {
        return reader.identifier();
    }

    /** The first word of the first statement that is not empty. */
    String verb() {
        return skipEmpty() ? word() : "";
    }

    /** All words from here to the end of the text, each followed by a space. */
    String words() {
        var words = new StringBuilder();
        while (!reader.atEnd()) {
            String word = word();
            if (word.isEmpty()) {
                reader.step();
            } else {
                words.append(word).append(' ');
            }
        }
        return words.toString();
    }

    /** A statement and where in the text it begins. Immutable. */
    record Statement(int start, String sql) {}

    /**
     * The statements of a text, without those that are empty.
     *
     * @param conforming whether backslashes in plain strings mean nothing
     */
    static List<Statement> statements(String sql, boolean conforming) {
        var statements = new ArrayList<Statement>();
        var scanner = new SqlScanner(new SqlReader(sql, conforming));
        while (scanner.skipEmpty()) {
            statements.add(new Statement(scanner.reader.at(), scanner.statement()));
        }
        return statements;
    }

    /** A text in whose plain strings backslashes escape, as it is written where they mean nothing. */
    static String conforming(String sql) {
        var reader = new SqlReader(sql, false);
        var text = new StringBuilder();
        while (!reader.atEnd()) {
            int start = reader.at();
            String word = reader.atWord() ? reader.word() : "";
            text.append(reader.since(start));
            int string = reader.at();
            if (!word.isEmpty()) {
                reader.skipStringOf(word);
            } else {
                reader.skipToken();
            }
            String rest = reader.since(string);
            boolean escapes = rest.startsWith("'") && rest.contains("\\") && !OWN_KIND.contains(word);
            text.append(escapes ? " E" : "").append(rest);
        }
        return text.toString();
    }

    /** Goes to where a statement begins; false when there is none. */
    private boolean skipEmpty() {
        reader.skipBlank();
        while (reader.next() == ';') {
            reader.step();
            reader.skipBlank();
        }
        return !reader.atEnd();
    }

    /** The statement that begins here; goes behind the semicolon that ends it. */
    private String statement() {
        int start = reader.at();
        boolean creates = word().equals("CREATE");
        String last = "";
        int bodies = 0;
        int parentheses = 0;
        while (!reader.atEnd()) {
            parentheses += nesting(reader.next());
            if (reader.next() == ';' && bodies == 0 && parentheses <= 0) {
                String statement = reader.since(start);
                reader.step();
                return statement;
            } else if (reader.atWord()) {
                String word = word();
                bodies = bodiesAfter(creates, last, word, bodies);
                reader.skipStringOf(word);
                last = word;
            } else {
                reader.skipToken();
            }
        }
        return reader.from(start);
    }

    /** Between parentheses, as in a {@code CREATE RULE}, semicolons end nothing. */
    private static int nesting(char c) {
        return c == '(' ? 1 : c == ')' ? -1 : 0;
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
}
