package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds a statement's traits in its text, most of which have none. Used once. */
final class TraitsReader {

    private static final Pattern CREATES_TEMPORARY =
            Pattern.compile("CREATE (OR REPLACE )?((GLOBAL |LOCAL )?TEMP(ORARY)? |[A-Z ]*PG_TEMP )");

    private static final Pattern CREATES_FUNCTION = Pattern.compile("CREATE (OR REPLACE )?(FUNCTION|PROCEDURE) ");

    private static final Pattern MAKES_TEMPORARY =
            Pattern.compile("\\b(CREATE|REPLACE|INTO|LOCAL|GLOBAL) TEMP(ORARY)? ");

    private static final Pattern ANALYZES = Pattern.compile("\\bANALY[ZS]E ");

    private final String sql;
    private final SqlReader reader;
    private final Set<Mention> mentions;
    private final List<ParameterChange> changes = new ArrayList<>();
    private final List<TemporaryTable> temporary = new ArrayList<>();
    private String verb = "";
    private @Nullable Isolation isolation;
    private Locking locking = Locking.NONE;
    private Numbering numbering = Numbering.NONE;
    private String prepares = "";
    private String refusal = "";

    TraitsReader(String sql) {
        this.sql = sql;
        reader = new SqlReader(sql);
        mentions = Mention.in(sql);
    }

    Traits read() {
        String word = firstWord();
        boolean interesting = switch (word) {
            case "SET",
                    "RESET",
                    "BEGIN",
                    "START",
                    "DISCARD",
                    "SHOW",
                    "COPY",
                    "PREPARE",
                    "DEALLOCATE",
                    "DO",
                    "CALL",
                    "EXECUTE" -> true;
            default -> false;
        };
        if (interesting) {
            statement(word);
        }
        boolean calls = !mentions.isEmpty() && !word.equals("SET");
        if (calls) {
            calls(word);
        }
        changes.removeIf(change -> !change.kept());
        boolean deferrable = calls && mentions.contains(Mention.DEFERRABLE);
        boolean none = !interesting && !calls;
        return none
                ? Traits.NONE
                : new Traits(
                                verb,
                                List.copyOf(changes),
                                deferrable,
                                isolation,
                                locking,
                                numbering,
                                List.copyOf(temporary),
                                prepares,
                                refusal)
                        .orNone();
    }

    private String firstWord() {
        reader.skipBlank();
        while (reader.next() == ';') {
            reader.step();
            reader.skipBlank();
        }
        return reader.word();
    }

    private void statement(String word) {
        switch (word) {
            case "SET" -> set();
            case "RESET" -> reset();
            case "BEGIN", "START" -> transaction(new SqlScanner(sql).words());
            case "DISCARD" -> verb = discarded(reader.word());
            case "PREPARE" -> prepares = reader.identifier();
            case "DEALLOCATE" -> deallocate();
            case "SHOW" -> verb = Set.of("TRANSACTION_ISOLATION", "TRANSACTION").contains(reader.word()) ? word : "";
            case "COPY" -> copy();
            default -> numbering = Numbering.DRAWS;
        }
    }

    private void set() {
        changes.addAll(new ParameterReader(reader).set());
        String words = new SqlScanner(sql).words();
        if (words.contains("TRANSACTION")) {
            transaction(words);
        }
    }

    private void reset() {
        int start = reader.at();
        if (reader.word().equals("ALL")) {
            verb = Traits.RESET_ALL;
            return;
        }
        reader.back(start);
        changes.addAll(new ParameterReader(reader).reset());
    }

    /** The modes of a transaction that are mentioned; those of a session are not the current transaction's. */
    private void transaction(String words) {
        boolean access = words.contains("READ ONLY ") || words.contains("READ WRITE ");
        verb = access && !words.contains("CHARACTERISTICS ") ? Traits.ACCESS : "";
        isolation = Isolation.mentioned(words);
    }

    private void copy() {
        if (new SqlScanner(sql).words().contains("FROM STDIN ")) {
            verb = "COPY";
            numbering = Numbering.DRAWS;
        }
    }

    private void deallocate() {
        String word = reader.word();
        boolean all = (word.equals("PREPARE") ? reader.word() : word).equals("ALL");
        verb = all ? Traits.DEALLOCATE_ALL : "";
    }

    private static String discarded(String what) {
        return switch (what) {
            case "ALL" -> Traits.DISCARD_ALL;
            case "SEQUENCES" -> Traits.DISCARD_SEQUENCES;
            case "TEMP", "TEMPORARY" -> Traits.DISCARD_TEMPORARY;
            default -> "";
        };
    }

    private void temporary(String word, String words) {
        boolean changes = words.contains(" ON COMMIT D");
        switch (word) {
            case "CREATE" -> create(words, changes);
            case "DO" -> within(words, changes, "a DO block");
            case "EXPLAIN" -> within(words, changes && ANALYZES.matcher(words).find(), "EXPLAIN ANALYZE");
            case "SELECT", "WITH" -> verb = MAKES_TEMPORARY.matcher(words).find() ? Traits.TEMPORARY : "";
            default -> {}
        }
    }

    private void create(String words, boolean changes) {
        if (changes && CREATES_FUNCTION.matcher(words).lookingAt()) {
            verb = Traits.FUNCTION;
        } else if (CREATES_TEMPORARY.matcher(words).lookingAt()) {
            verb = Traits.TEMPORARY;
            TemporaryTable table = TemporaryTable.of(sql);
            if (table != null) {
                temporary.add(table);
            }
        }
    }

    /** What makes something temporary by the way. */
    private void within(String words, boolean changes, String what) {
        if (MAKES_TEMPORARY.matcher(words).find()) {
            verb = Traits.TEMPORARY;
            refusal = changes ? "a temporary table that changes ON COMMIT, made by " + what + "," : refusal;
        }
    }

    private void calls(String word) {
        if (mentions.contains(Mention.SET_CONFIG)) {
            Optional<List<ParameterChange>> calls = new ParameterReader(new SqlReader(sql)).calls();
            calls.ifPresent(changes::addAll);
            refusal = calls.isPresent() ? "" : "set_config with a computed parameter";
        }
        if (mentions.contains(Mention.ADVISORY)) {
            locking = Locking.of(sql);
        }
        Numbering mentioned = Numbering.of(mentions);
        numbering = mentioned.compareTo(numbering) > 0 ? mentioned : numbering;
        if (mentions.contains(Mention.TEMPORARY)) {
            temporary(word, new SqlScanner(sql).words());
        }
    }
}
