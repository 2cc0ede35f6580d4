package dev.isolated.settings;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** The settings of the house itself; services and sources add their own. */
public final class Keys {

    /** Where every key begins. */
    public static final String PREFIX = "isolated.";

    /** A value of {@link #MISSING} and {@link #LEAKS}. */
    public static final String FAIL = "fail";

    /** A value of {@link #MISSING}. */
    public static final String SKIP = "skip";

    /** A value of {@link #START}. */
    public static final String EAGER = "eager";

    /** A value of {@link #EVIDENCE}. */
    public static final String OFF = "off";

    static final Key<Profile> PROFILE =
            Key.choice(PREFIX + "profile", Profile.DEVELOPMENT, "The set of defaults to start from.");

    public static final Key<Integer> ENVIRONMENTS_MAX = Key.integer(
            PREFIX + "environments.max",
            1,
            1_000,
            5,
            "How many environments may be open at once; also the size of each service's pool. The profile sets it.");

    public static final Key<Duration> LEASE_TIMEOUT = Key.duration(
            PREFIX + "lease.timeout", Duration.ofSeconds(30), "How long a test waits for a slice before it fails.");

    public static final Key<Duration> LEASE_LEAK_AFTER = Key.duration(
            PREFIX + "lease.leak-after",
            Duration.ofMillis(1),
            Duration.ofMinutes(1),
            "How long a lease may be held before a warning shows where it was taken. The profile sets it.");

    public static final Key<Integer> LEASE_WARM =
            Key.integer(PREFIX + "lease.warm", 0, 1_000, 2, "How many slices are kept ready ahead of the tests.");

    public static final Key<String> MISSING = Key.choice(
            PREFIX + "missing",
            List.of("auto", SKIP, FAIL),
            "What becomes of a test whose service is absent; auto fails it where CI=true and skips it elsewhere.");

    public static final Key<String> START = Key.choice(
            PREFIX + "start",
            List.of(EAGER, "lazy"),
            "Whether servers start as soon as it is known which tests run, or with the first test that needs them.");

    public static final Key<Duration> START_TIMEOUT = Key.duration(
            PREFIX + "start-timeout",
            Duration.ofMinutes(5),
            "How long a test waits for a service to start, which the very first time may include fetching it.");

    public static final Key<String> LEAKS = Key.choice(
            PREFIX + "leaks",
            List.of("report", FAIL),
            "Whether a test that leaves connections, statements or results open is reported or fails.");

    public static final Key<String> EVIDENCE = Key.choice(
            PREFIX + "evidence",
            List.of("on", OFF),
            "Whether a test that fails has what it did to its services attached to its report.");

    public static final Key<Integer> EVIDENCE_ROWS = Key.integer(
            PREFIX + "evidence.rows",
            0,
            10_000,
            20,
            "How many rows of one table, or the like, evidence shows at most.");

    public static final Key<Integer> EVIDENCE_LOG_LINES = Key.integer(
            PREFIX + "evidence.log-lines", 0, 100_000, 200, "How many lines of a server's log evidence shows at most.");

    private Keys() {}

    /** The setting that forces the source of a service's servers. */
    public static Key<String> source(String service) {
        return Key.text(
                PREFIX + service + ".source",
                "auto",
                "Forces where " + service + " servers come from, by a source's name.");
    }

    /** The setting that says how a service isolates tests that do not say it themselves; the first mode is the default. */
    public static Key<String> mode(String service, List<String> modes) {
        return Key.choice(
                PREFIX + service + ".mode",
                modes.stream().map(mode -> mode.toLowerCase(Locale.ROOT)).toList(),
                "How " + service + " isolates tests that do not choose a mode themselves.");
    }

    /** All keys of the house. */
    public static List<Key<?>> all() {
        return List.of(
                PROFILE,
                ENVIRONMENTS_MAX,
                LEASE_TIMEOUT,
                LEASE_LEAK_AFTER,
                LEASE_WARM,
                MISSING,
                START,
                START_TIMEOUT,
                LEAKS,
                EVIDENCE,
                EVIDENCE_ROWS,
                EVIDENCE_LOG_LINES);
    }
}
