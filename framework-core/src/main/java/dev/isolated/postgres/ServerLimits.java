package dev.isolated.postgres;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Limits that a server may set to sessions and that would end this library's. As SQL expressions. */
final class ServerLimits {

    private static final String[] IDLE = {
        "idle_in_transaction_session_timeout", "idle_session_timeout", "transaction_timeout"
    };

    private ServerLimits() {}

    /** Lifts those on idling and on long transactions, as far as the server knows them. */
    static String liftIdle() {
        return lift(Arrays.stream(IDLE));
    }

    /** Lifts those on statements, too. */
    static String liftAll() {
        return lift(Stream.concat(Arrays.stream(IDLE), Stream.of("statement_timeout", "lock_timeout")));
    }

    private static String lift(Stream<String> names) {
        return names.map(name -> "'" + name + "'")
                .collect(Collectors.joining(
                        ", ",
                        "(SELECT count(pg_catalog.set_config(name, '0', false)) FROM unnest(ARRAY[",
                        "]) AS name WHERE pg_catalog.current_setting(name, true) IS NOT NULL)"));
    }
}
