package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Finds in one statement's text which parameters of the session it sets. Not thread-safe. */
final class ParameterReader {

    private final SqlReader reader;

    ParameterReader(SqlReader reader) {
        this.reader = reader;
    }

    /** What a {@code SET} changes; the reader stands behind that word. Nothing, where it is about a transaction. */
    List<ParameterChange> set() {
        int start = reader.at();
        String scope = reader.word();
        if (!scope.equals("LOCAL") && !scope.equals("SESSION")) {
            reader.back(start);
        }
        int subject = reader.at();
        String word = reader.word();
        boolean local = scope.equals("LOCAL");
        return switch (word) {
            case "TRANSACTION", "CONSTRAINTS" -> List.of();
            case "CHARACTERISTICS" -> characteristics();
            case "AUTHORIZATION", "SESSION" ->
                List.of(change("session_authorization", local, false), change("role", local, false));
            case "TIME" -> List.of(change("timezone", local, false));
            case "NAMES" -> List.of(change("client_encoding", local, false));
            case "SCHEMA" -> List.of(change("search_path", local, false));
            case "XML" -> List.of(change("xmloption", local, false));
            default -> {
                reader.back(subject);
                String name = name();
                boolean reset = !local && isDefault();
                yield List.of(change(name, local, reset));
            }
        };
    }

    /** What a {@code RESET} of one parameter changes. */
    List<ParameterChange> reset() {
        int start = reader.at();
        return switch (reader.word()) {
            case "TIME" -> List.of(change("timezone", false, true));
            case "SESSION" -> List.of(change("session_authorization", false, true), change("role", false, true));
            case "TRANSACTION" -> List.of();
            default -> {
                reader.back(start);
                yield List.of(change(name(), false, true));
            }
        };
    }

    /** What the calls of {@code set_config} change; empty where one of them computes which or for how long. */
    Optional<List<ParameterChange>> calls() {
        var changes = new ArrayList<ParameterChange>();
        while (!reader.atEnd()) {
            if (!reader.atWord()) {
                reader.skipToken();
                continue;
            }
            String word = reader.word();
            reader.skipStringOf(word);
            if (word.equals("SET_CONFIG") && opens()) {
                Optional<ParameterChange> change = call();
                if (change.isEmpty()) {
                    return Optional.empty();
                }
                changes.add(change.get());
            }
        }
        return Optional.of(changes);
    }

    private static ParameterChange change(String name, boolean local, boolean reset) {
        return local ? ParameterChange.local(name) : ParameterChange.session(name, reset);
    }

    private static List<ParameterChange> characteristics() {
        return List.of(
                ParameterChange.session("default_transaction_isolation", false),
                ParameterChange.session("default_transaction_read_only", false),
                ParameterChange.session("default_transaction_deferrable", false));
    }

    private String name() {
        var name = new StringBuilder(reader.identifier());
        while (reader.next() == '.') {
            reader.step();
            name.append('.').append(reader.identifier());
        }
        return name.toString();
    }

    private boolean isDefault() {
        reader.skipBlank();
        if (reader.next() == '=') {
            reader.step();
        } else {
            reader.word();
        }
        return reader.word().equals("DEFAULT");
    }

    private boolean opens() {
        reader.skipBlank();
        if (reader.next() != '(') {
            return false;
        }
        reader.step();
        return true;
    }

    private Optional<ParameterChange> call() {
        Argument name = Argument.of(argument());
        argument();
        Argument local = Argument.of(argument());
        if (!name.known() || !local.known()) {
            return Optional.empty();
        }
        return Optional.of(new ParameterChange(name.text(), name.number(), local.truth(), local.number(), false));
    }

    /** The text up to the comma or the parenthesis that ends it; the reader goes behind. */
    private String argument() {
        int start = reader.at();
        int depth = 0;
        while (!reader.atEnd()) {
            char next = reader.next();
            if (depth == 0 && (next == ',' || next == ')')) {
                break;
            }
            depth += next == '(' ? 1 : next == ')' ? -1 : 0;
            if (reader.atWord()) {
                reader.skipStringOf(reader.word());
            } else {
                reader.skipToken();
            }
        }
        String text = reader.since(start);
        reader.step();
        return text;
    }

    /**
     * An argument as it is written. Immutable.
     *
     * @param text a literal's text
     * @param number a bind parameter's number, else zero
     * @param known whether it is either of the two
     */
    private record Argument(String text, int number, boolean known) {

        static Argument of(String written) {
            String text = bare(written);
            if (text.matches("\\$\\d+")) {
                return new Argument("", Integer.parseInt(text.substring(1)), true);
            }
            if (text.matches("'([^'\\\\]|'')*'")) {
                return new Argument(text.substring(1, text.length() - 1).replace("''", "'"), 0, true);
            }
            boolean word = text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false");
            return new Argument(text, 0, word);
        }

        /** Without casts, and without parentheses around all of it. */
        private static String bare(String written) {
            String text = written.strip().replaceFirst("::[\\w. ]+$", "").strip();
            boolean around = text.startsWith("(") && text.endsWith(")");
            return around ? bare(text.substring(1, text.length() - 1)) : text;
        }

        boolean truth() {
            return List.of("t", "true", "y", "yes", "on", "1").contains(text.toLowerCase(Locale.ROOT));
        }
    }
}
