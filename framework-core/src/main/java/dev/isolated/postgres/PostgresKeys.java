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

    static final Key<Isolation> ISOLATION = Key.choice(
            "isolated.postgres.isolation-level",
            Isolation.READ_COMMITTED,
            "The level of the transaction beneath a test, and the strongest that its own can ask for (TRANSACTION"
                    + " isolation).");

    static final Key<Sequences> SEQUENCES = Key.choice(
            "isolated.postgres.sequences",
            Sequences.KEEP,
            "Whether sequences, which no rollback undoes, are reset after each test to where the template left them"
                    + " (TRANSACTION isolation).");

    private PostgresKeys() {}

    static List<Key<?>> all() {
        return List.of(SCRIPTS, TURN_TIMEOUT, GRACE, ISOLATION, SEQUENCES);
    }
}
