package dev.isolated.postgres;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the sandbox says about parameters. What it has to remember is remembered in parameters of its own, whose names
 * begin with {@code isolated.}: so it needs no answer, and what undoes a change undoes the memory of it too.
 */
final class ParameterSql {

    private static final String LOCAL = "isolated.local.";
    private static final String LEVEL = "isolated.level";

    private ParameterSql() {}

    /** Before a parameter is set for the transaction: what it is for the session, unless that is known. */
    static String remember(String name) {
        return "SELECT " + set(LOCAL + name, memory(name)) + " WHERE coalesce(" + get(LOCAL + name) + ", '') = ''";
    }

    /** Before a parameter is set for the session: it is no longer hidden behind the transaction's. */
    static String forget(String name) {
        return "SELECT " + set(LOCAL + name, "''");
    }

    /** At the transaction's end: what was set for it is what it is for the session. */
    static String restore(Collection<String> names) {
        return names.stream()
                .map(name -> "CASE WHEN " + get(LOCAL + name) + " <> '' THEN " + set(name, remembered(LOCAL + name))
                        + " END, " + set(LOCAL + name, "''"))
                .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    /**
     * From one connection to another: what the first has is remembered, and the other gets what it has.
     *
     * @param from where the first's are remembered; negative where they need not be
     * @param to where the other's are, if any
     * @param begun what the other connection has begun with
     * @param saved what of it is remembered
     */
    static String change(
            int from, Set<String> leaving, int to, Set<String> entering, Map<String, String> begun, Set<String> saved) {
        List<String> calls = new ArrayList<>();
        if (from >= 0) {
            leaving.forEach(name -> calls.add(set(own(from, name), memory(name))));
        }
        var all = new LinkedHashSet<>(entering);
        all.addAll(leaving);
        for (String name : ordered(all)) {
            calls.add(set(name, saved.contains(name) ? remembered(own(to, name)) : beginning(name, begun)));
        }
        return "SELECT /* " + Command.UNIT + " */ " + String.join(", ", calls);
    }

    /**
     * To what a connection has begun with.
     *
     * @param hidden those that may be hidden behind the transaction's
     */
    static String reset(Collection<String> names, Map<String, String> begun, Collection<String> hidden) {
        return Stream.concat(
                        ordered(names).stream().map(name -> set(name, beginning(name, begun))),
                        hidden.stream().map(name -> set(LOCAL + name, "''")))
                .collect(Collectors.joining(", ", "SELECT ", ""));
    }

    /** That the application's transaction is at a level. */
    static String isolation(Isolation level) {
        return "SELECT " + set(LEVEL, literal(level.sql().toLowerCase(Locale.ROOT)));
    }

    /** That the application's transaction, which ends, was at a level of its own. */
    static String noIsolation() {
        return "SELECT " + set(LEVEL, "''");
    }

    /** Which level the application's transaction is at, or will be; as {@code SHOW} would answer. */
    static String isolation() {
        return "SELECT coalesce(nullif(" + get(LEVEL) + ", ''), " + get("default_transaction_isolation")
                + ") AS transaction_isolation";
    }

    static String literal(String text) {
        return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    /** The same within {@link Refusal#block}. */
    static String literalInBlock(String text) {
        return literal(text).replace("$", "\\x24");
    }

    /** Whoever sets the session's user sets its role too. */
    private static List<String> ordered(Collection<String> names) {
        List<String> ordered = new ArrayList<>(names);
        if (ordered.remove("session_authorization")) {
            ordered.add(0, "session_authorization");
        }
        return ordered;
    }

    private static String beginning(String name, Map<String, String> begun) {
        String value = begun.get(name);
        return value == null ? "NULL" : literal(value);
    }

    private static String own(int place, String name) {
        return "isolated.c" + place + "." + name;
    }

    private static String memory(String name) {
        return "'=' || coalesce(" + get(name) + ", '')";
    }

    private static String remembered(String name) {
        return "substr(" + get(name) + ", 2)";
    }

    private static String get(String name) {
        return "pg_catalog.current_setting(" + literal(name) + ", true)";
    }

    private static String set(String name, String value) {
        return "pg_catalog.set_config(" + literal(name) + ", " + value + ", false)";
    }
}
