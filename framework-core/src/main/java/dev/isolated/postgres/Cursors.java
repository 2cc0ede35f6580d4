package dev.isolated.postgres;

import java.util.List;
import java.util.stream.Collectors;

/** How a transaction's cursors are closed with it. */
final class Cursors {

    private Cursors() {}

    /** A statement that closes all cursors but those of other transactions. */
    static String closing(List<String> others) {
        if (others.isEmpty()) {
            return Command.CLOSE_CURSORS.sql();
        }
        String names = others.stream().map(Refusal::literal).collect(Collectors.joining(", "));
        return Refusal.block("DECLARE own text[] := ARRAY(SELECT name FROM pg_catalog.pg_cursors WHERE name <> ''"
                + " AND name <> ALL (ARRAY[" + names + "])); BEGIN"
                + " FOR i IN 1 .. coalesce(pg_catalog.array_length(own, 1), 0) LOOP"
                + " EXECUTE pg_catalog.format('CLOSE %I', own[i]); END LOOP; END");
    }
}
