package dev.isolated.clickhouse;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;
import dev.isolated.error.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An SQL script on the class path, as the statements that it consists of. Immutable. */
record Script(String resource, List<String> statements) {

    /** Stands for what the names of tables begin with. */
    private static final String PREFIX = "${prefix}";

    private static final int PATIENCE_MILLIS = 60_000;

    /** What a semicolon or a blank may stand in without being one, or a semicolon; comments are left out. */
    private static final Pattern PIECE = Pattern.compile(
            "(?<comment>--[^\\n]*|//[^\\n]*|#[ !][^\\n]*)|(?<nested>/\\*)|(?<end>;)"
                    + "|'(?:[^'\\\\]++|\\\\.|'')*+'|\"(?:[^\"\\\\]++|\\\\.)*+\"|`(?:[^`\\\\]++|\\\\.)*+`"
                    + "|(?<tag>\\$\\w*\\$).*?\\k<tag>|\\w[\\w$]*+|[^'\"`;/#$\\w-]++|.",
            Pattern.DOTALL);

    private static final Pattern COMMENT_EDGE = Pattern.compile("/\\*|\\*/");

    static Script of(String resource) {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        ClassLoader loader = context == null ? Script.class.getClassLoader() : context;
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) {
                throw new SettingsException(Explanation.couldNot("run the script " + resource)
                        .expected("a resource of that name on the test class path")
                        .found("none")
                        .next("correct " + ClickHouseKeys.SCRIPTS));
            }
            return new Script(resource, split(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw new SettingsException(
                    Explanation.couldNot("read the script " + resource)
                            .found(String.valueOf(e.getMessage()))
                            .next("check the resource"),
                    e);
        }
    }

    /** Runs it as a test's user, in that one's place. */
    void runOn(HttpLine line, Place place) {
        for (String statement : statements) {
            try {
                var unused = line.ask(statement.replace(PREFIX, place.prefix()), PATIENCE_MILLIS);
            } catch (IOException e) {
                throw new IsolationException(
                        Explanation.couldNot("run the script " + resource + " in " + place.describe())
                                .expected("every statement of it to succeed")
                                .found(e.getMessage() + " in: " + statement)
                                .next("correct the script; it runs as the test's own user, in the test's own database"),
                        e);
            }
        }
    }

    /** A server takes one statement at a time. */
    static List<String> split(String text) {
        var statements = new ArrayList<String>();
        var statement = new StringBuilder();
        Matcher piece = PIECE.matcher(text);
        while (piece.find()) {
            if (piece.group("end") != null) {
                add(statement, statements);
            } else if (piece.group("nested") != null) {
                statement.append(' ');
                piece.region(endOfComment(text, piece.start()), text.length());
            } else {
                statement.append(piece.group("comment") != null ? " " : piece.group());
            }
        }
        add(statement, statements);
        return List.copyOf(statements);
    }

    /** Comments of this kind can stand in one another. */
    private static int endOfComment(String text, int start) {
        Matcher edge = COMMENT_EDGE.matcher(text).region(start, text.length());
        int open = 0;
        while (edge.find()) {
            open += edge.group().equals("/*") ? 1 : -1;
            if (open == 0) {
                return edge.end();
            }
        }
        return text.length();
    }

    private static void add(StringBuilder statement, List<String> statements) {
        String whole = statement.toString().strip();
        if (!whole.isEmpty()) {
            statements.add(whole);
        }
        statement.setLength(0);
    }
}
