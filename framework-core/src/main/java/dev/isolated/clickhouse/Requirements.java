package dev.isolated.clickhouse;

import dev.isolated.error.Explanation;
import dev.isolated.error.IsolationException;

/** What a server must be for tests to have databases there; checked before the first test. Stateless. */
final class Requirements {

    private static final int OLDEST = 24;

    private Requirements() {}

    static void check(ClickHouseAdmin admin) {
        String known = admin.server().version();
        String version = known.isEmpty() ? admin.version() : known;
        if (Integer.parseInt(version.replaceAll("\\D.*", "")) < OLDEST) {
            throw new IsolationException(Explanation.couldNot(
                            "make databases for tests on " + admin.server().describe())
                    .expected("ClickHouse " + OLDEST + " or newer")
                    .found(version)
                    .next("use a newer server"));
        }
    }
}
