package dev.isolated.postgres;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The statements that a sandbox's connections have prepared by {@code PREPARE}, which the server has in one session for
 * all; some may have been deallocated since. No rollback undoes any of that. Whoever has the turn uses it.
 */
final class SqlStatements {

    private final Map<String, Upkeep> makers = new HashMap<>();

    /** A connection is about to prepare one of that name, unless another one has. */
    void planned(Upkeep upkeep, String name) {
        makers.putIfAbsent(name, upkeep);
    }

    /** A connection has prepared one of that name. */
    void preparedBy(Upkeep upkeep, String name) {
        makers.put(name, upkeep);
    }

    /** What deallocates those of a connection that asks for it. */
    List<Interjection> deallocating(Upkeep upkeep) {
        return deallocating(upkeep::equals);
    }

    /** What deallocates those of closed connections. */
    List<Interjection> tidying() {
        return makers.isEmpty() ? List.of() : deallocating(Upkeep::gone);
    }

    private List<Interjection> deallocating(Predicate<Upkeep> whose) {
        List<String> names = makers.entrySet().stream()
                .filter(entry -> whose.test(entry.getValue()))
                .map(Map.Entry::getKey)
                .toList();
        return names.isEmpty()
                ? List.of()
                : List.of(Interjection.sql(
                        deallocating(names), () -> makers.keySet().removeAll(names)));
    }

    private static String deallocating(List<String> names) {
        String list = names.stream().map(ParameterSql::literalInBlock).collect(Collectors.joining(", "));
        return Refusal.block("DECLARE one text; BEGIN FOR one IN SELECT name FROM pg_catalog.pg_prepared_statements"
                + " WHERE from_sql AND name IN (" + list
                + ") LOOP EXECUTE format('DEALLOCATE %I', one); END LOOP; END");
    }
}
