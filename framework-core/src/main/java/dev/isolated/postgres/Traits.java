package dev.isolated.postgres;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What of a text, beside transaction control, outlives its statements in a way that the sandbox has to know of. Immutable.
 *
 * @param verb its first word, where that matters; else empty
 * @param mentions what is worth a closer look
 * @param changes the parameters that it sets
 * @param isolation the isolation level that it asks for, if any
 * @param refusal why it cannot be represented; empty where it can
 */
record Traits(
        String verb,
        Set<Mention> mentions,
        List<ParameterChange> changes,
        @Nullable Isolation isolation,
        String refusal) {

    /** In the place of a verb: says whether a transaction is read-only. */
    static final String ACCESS = "READ";

    static final Traits NONE = new Traits("", Set.of(), List.of(), null, "");

    /** Those of one statement. */
    static Traits of(String sql) {
        Set<Mention> mentions = Mention.in(sql);
        var reader = new SqlReader(sql);
        String verb = firstWord(reader);
        Traits traits = switch (verb) {
            case "SET" -> set(reader, sql);
            case "RESET" -> reset(reader);
            case "DISCARD" -> NONE.named(reader.word().equals("ALL") ? "DISCARD ALL" : "");
            case "BEGIN", "START" -> NONE.transaction(new SqlScanner(sql).words());
            case "SHOW" -> NONE.named(showsIsolation(reader) ? verb : "");
            case "COPY" -> new SqlScanner(sql).words().contains("FROM STDIN ") ? NONE.named(verb) : NONE;
            default -> NONE;
        };
        return mentions.isEmpty() || verb.equals("SET") ? traits : traits.mentioning(mentions, sql);
    }

    /** Those of several statements in one text. */
    static Traits together(String sql) {
        List<String> statements = SqlScanner.statements(sql);
        return statements.size() < 2
                ? of(sql)
                : statements.stream().map(Traits::of).reduce(NONE, Traits::and);
    }

    boolean none() {
        return equals(NONE);
    }

    boolean mentions(Mention word) {
        return mentions.contains(word);
    }

    /** Whether it asks for more than {@code most}. */
    boolean asksAbove(Isolation most) {
        return isolation != null && isolation.above(most);
    }

    /** Whether it is about this transaction's isolation level, and not about the default of those to come. */
    boolean setsIsolation() {
        return isolation != null && changes.isEmpty();
    }

    /** Whether it asks for the isolation level. */
    boolean asksForIsolation() {
        return verb.equals("SHOW");
    }

    /** The same with what a {@code Bind} message says, whose parameters begin at {@code at}. */
    Traits bound(byte[] bytes, int at) {
        if (changes.stream().allMatch(ParameterChange::resolved)) {
            return this;
        }
        return changing(changes.stream().map(change -> change.with(bytes, at)).toList());
    }

    private static String firstWord(SqlReader reader) {
        reader.skipBlank();
        while (reader.next() == ';') {
            reader.step();
            reader.skipBlank();
        }
        return reader.word();
    }

    private static Traits set(SqlReader reader, String sql) {
        Traits changing = NONE.changing(new ParameterReader(reader).set());
        String words = new SqlScanner(sql).words();
        return words.contains("TRANSACTION") ? changing.transaction(words) : changing;
    }

    private static boolean showsIsolation(SqlReader reader) {
        String name = reader.word();
        return name.equals("TRANSACTION_ISOLATION") || name.equals("TRANSACTION");
    }

    private static Traits reset(SqlReader reader) {
        int start = reader.at();
        if (reader.word().equals("ALL")) {
            return NONE.named("RESET ALL");
        }
        reader.back(start);
        return NONE.changing(new ParameterReader(reader).reset());
    }

    private Traits mentioning(Set<Mention> words, String sql) {
        var more = new Traits(verb, words, changes, isolation, refusal);
        if (!words.contains(Mention.SET_CONFIG)) {
            return more;
        }
        return new ParameterReader(new SqlReader(sql))
                .calls()
                .map(calls -> more.changing(
                        Stream.concat(changes.stream(), calls.stream()).toList()))
                .orElseGet(() -> new Traits(verb, words, changes, isolation, "set_config with a computed parameter"));
    }

    private Traits and(Traits other) {
        return new Traits(
                verb.isEmpty() ? other.verb : verb,
                Stream.concat(mentions.stream(), other.mentions.stream()).collect(Collectors.toUnmodifiableSet()),
                Stream.concat(changes.stream(), other.changes.stream()).toList(),
                isolation == null ? other.isolation : isolation,
                refusal.isEmpty() ? other.refusal : refusal);
    }

    private Traits named(String word) {
        return new Traits(word, mentions, changes, isolation, refusal);
    }

    /** The modes of a transaction that are mentioned. */
    private Traits transaction(String words) {
        boolean access = words.contains("READ ONLY ") || words.contains("READ WRITE ");
        return new Traits(access ? ACCESS : verb, mentions, changes, Isolation.mentioned(words), refusal);
    }

    private Traits changing(List<ParameterChange> all) {
        return new Traits(
                verb, mentions, all.stream().filter(ParameterChange::kept).toList(), isolation, refusal);
    }
}
