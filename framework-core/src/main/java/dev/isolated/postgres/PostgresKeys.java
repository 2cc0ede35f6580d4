package dev.isolated.postgres;

import dev.isolated.settings.Key;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of the Postgres service. */
final class PostgresKeys {

    static final Key<List<String>> SCRIPTS = Key.list(
            "isolated.postgres.scripts",
            "SQL scripts on the class path that make the schema every test starts with; run once, in this order.");

    /** A value of {@link #MIGRATIONS}. */
    static final String AUTO = "auto";

    /** A value of {@link #MIGRATIONS}. */
    static final String FLYWAY = "flyway";

    /** A value of {@link #MIGRATIONS}. */
    static final String LIQUIBASE = "liquibase";

    static final Key<String> MIGRATIONS = Key.choice(
            "isolated.postgres.migrations",
            List.of(AUTO, "none", FLYWAY, LIQUIBASE),
            "What makes the schema that every test starts with, before any script; auto is Flyway or Liquibase where it is on"
                    + " the class path and has migrations in the usual place.");

    static final Key<List<String>> FLYWAY_LOCATIONS = Key.list(
            "isolated.postgres.flyway.locations",
            List.of("classpath:db/migration"),
            "Where Flyway's migrations are, as Flyway has it.");

    static final Key<String> LIQUIBASE_CHANGE_LOG = Key.text(
            "isolated.postgres.liquibase.changelog",
            "",
            "Liquibase's change log on the class path; without it, db/changelog/db.changelog-master.yaml, .yml, .xml, .json or"
                    + " .sql.");

    static final Key<List<String>> BASES = Key.list(
            "isolated.postgres.bases",
            "Classes that prepare what every test starts from, after migrations and scripts, in this order.");

    static final Key<List<String>> EXTENSIONS = Key.list(
            "isolated.postgres.extensions",
            "Extensions that the server's administrator creates before all else in what every test starts from.");

    static final Key<Integer> TEMPLATES_MAX = Key.integer(
            "isolated.postgres.templates.max",
            0,
            1_000,
            10,
            "How many templates stay on a server that outlives the run, for the next one that starts from the same; those"
                    + " used longest ago go first.");

    static final Key<Integer> TEMPLATES_MEGABYTES = Key.integer(
            "isolated.postgres.templates.megabytes", 0, 1_000_000, 2_048, "How large those may be together.");

    static final Key<Duration> TEMPLATES_TIMEOUT = Key.duration(
            "isolated.postgres.templates.timeout",
            Duration.ofMinutes(10),
            "How long to wait for a template that another process is making.");

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

    static final Key<Integer> CONNECTIONS = Key.integer(
            "isolated.postgres.connections",
            1,
            1_000,
            10,
            "How many connections one test may have open at the same time (DATABASE and SCHEMA isolation).");

    static final Key<CloneStrategy> CLONE_STRATEGY = Key.choice(
            "isolated.postgres.clone-strategy",
            CloneStrategy.AUTO,
            "How the server copies templates, from PostgreSQL 15 on; file-copy begins with a checkpoint of the whole server."
                    + " auto is file-copy on servers that this library starts, and wal-log on others.");

    static final Key<String> DATABASE = Key.text(
            "isolated.postgres.database",
            "",
            "The existing database in which each test gets a schema (SCHEMA isolation); empty for the one that has the"
                    + " administrator's name.");

    static final Key<Optional<Duration>> KEEP_ON_FAILURE = Key.durationIfAny(
            "isolated.postgres.keep-on-failure",
            "For how long a failed test's database is kept to be looked at; in TRANSACTION and SCHEMA isolation it"
                    + " cannot be.");

    private PostgresKeys() {}

    static List<Key<?>> all() {
        return List.of(
                MIGRATIONS,
                FLYWAY_LOCATIONS,
                LIQUIBASE_CHANGE_LOG,
                SCRIPTS,
                BASES,
                EXTENSIONS,
                TEMPLATES_MAX,
                TEMPLATES_MEGABYTES,
                TEMPLATES_TIMEOUT,
                TURN_TIMEOUT,
                GRACE,
                ISOLATION,
                SEQUENCES,
                CONNECTIONS,
                CLONE_STRATEGY,
                DATABASE,
                KEEP_ON_FAILURE);
    }
}
