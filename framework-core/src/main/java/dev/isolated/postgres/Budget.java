package dev.isolated.postgres;

import dev.isolated.settings.Keys;
import dev.isolated.spi.Plan;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How many of a server's connections a run may use. Runs of all processes tell it to each other in the name that their
 * administrator's session bears, and add theirs up one at a time. Immutable.
 *
 * @param slices how many environments may be open at once
 * @param each how many connections one of them may have
 */
record Budget(String run, int slices, int each) {

    /** The administrator's sessions, those that look into slices, those that cancel, and some that are just ending. */
    static final int OWN = 4;

    private static final String NAME = "isolated admin";
    private static final Pattern ANNOUNCED = Pattern.compile(NAME + " ([0-9a-f]{8}) needs (\\d+), process (\\d+)");
    private static final int LOCK = 0;

    /** What another run has announced. */
    record Other(String run, int connections, String process) {

        @Override
        public String toString() {
            return "process " + process + " (run " + run + ") " + connections;
        }
    }

    static Budget of(Plan plan) {
        boolean shared = plan.mode().equals(PostgresService.TRANSACTION);
        return new Budget(
                plan.run(),
                plan.settings().get(Keys.ENVIRONMENTS_MAX),
                shared ? 1 : plan.settings().get(PostgresKeys.CONNECTIONS));
    }

    int total() {
        return slices * each + OWN;
    }

    String arithmetic() {
        return total() + " connections (" + Keys.ENVIRONMENTS_MAX + " " + slices + " × " + each + " each + " + OWN
                + " of its own)";
    }

    /** Has {@code check} look at what others have announced, and announces this one if that does not fail. */
    <T> T announce(PostgresAdmin admin, Supplier<T> check) {
        admin.execute("SET lock_timeout = '30s'; " + ServerLock.BUDGET.taking(LOCK) + "; SET lock_timeout = 0");
        try {
            T checked = check.get();
            admin.hold("SELECT set_config('application_name', '" + NAME + " " + run + " needs " + total() + ", process "
                    + ProcessHandle.current().pid() + "', false)");
            return checked;
        } finally {
            admin.query(ServerLock.BUDGET.freeing(LOCK));
        }
    }

    /** What the other runs on a server have announced. */
    static List<Other> others(PostgresAdmin admin) {
        return admin
                .query("SELECT application_name FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                        + " AND application_name LIKE '" + NAME + " %'")
                .stream()
                .map(ANNOUNCED::matcher)
                .filter(Matcher::matches)
                .map(it -> new Other(it.group(1), Integer.parseInt(it.group(2)), it.group(3)))
                .toList();
    }

    static int sum(List<Other> others) {
        return others.stream().mapToInt(Other::connections).sum();
    }

    static String names(List<Other> others) {
        return others.stream().map(Other::toString).collect(Collectors.joining(", "));
    }
}
