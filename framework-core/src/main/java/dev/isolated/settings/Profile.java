package dev.isolated.settings;

import java.util.Map;

/** A named set of defaults for a situation. */
enum Profile {
    /** One person, one machine: few environments at once. */
    DEVELOPMENT("5", "1m"),
    /** A quick build: some parallelism. */
    CI_FAST("10", "2m"),
    /** A thorough build: more parallelism, patient with slow tests. */
    CI_THOROUGH("20", "5m"),
    /** The largest suites, all monitoring. */
    PRODUCTION("50", "30s");

    private final String environments;
    private final String leakAfter;

    Profile(String environments, String leakAfter) {
        this.environments = environments;
        this.leakAfter = leakAfter;
    }

    /** The settings that this profile gives where nothing else does. */
    Map<String, String> defaults() {
        return Map.of(Keys.ENVIRONMENTS_MAX.name(), environments, Keys.LEASE_LEAK_AFTER.name(), leakAfter);
    }
}
