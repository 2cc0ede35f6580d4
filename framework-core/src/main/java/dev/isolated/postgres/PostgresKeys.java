package dev.isolated.postgres;

import dev.isolated.settings.Key;
import java.time.Duration;
import java.util.List;

/** The settings of the Postgres service. */
final class PostgresKeys {

    static final Key<List<String>> SCRIPTS = Key.list(
            "isolated.postgres.scripts",
            "SQL scripts on the class path that make the schema every test starts with; run once, in this order.");

    static final Key<Duration> TURN_TIMEOUT = Key.duration(
            "isolated.postgres.turn-timeout",
            Duration.ofSeconds(10),
            "How long one connection of a test waits while another has a transaction open (TRANSACTION isolation).");

    static final Key<Duration> GRACE = Key.duration(
            "isolated.postgres.grace",
            Duration.ofSeconds(2),
            "How long a statement that still runs when its test ends may go on before it is cancelled.");

    static final Key<Integer> CONNECTIONS = Key.integer(
            "isolated.postgres.connections",
            1,
            1_000,
            10,
            "How many connections one test may have open at the same time (DATABASE and SCHEMA isolation).");

    static final Key<String> DATABASE = Key.text(
            "isolated.postgres.database",
            "",
            "The existing database in which each test gets a schema (SCHEMA isolation); empty for the one that has the"
                    + " administrator's name.");

    private PostgresKeys() {}

    static List<Key<?>> all() {
        return List.of(SCRIPTS, TURN_TIMEOUT, GRACE, CONNECTIONS, DATABASE);
    }
}
