package dev.isolated.clickhouse;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Which runs live, kept in the server itself: each says there in which process it is, shows every few seconds that it lives,
 * and says when it ends. The server's clock alone counts. Thread-safe.
 */
final class Registry {

    /** After how long without a sign of life a run is dead whose process cannot be seen from here. */
    static final Duration LIFE = Duration.ofSeconds(60);

    private static final Duration BEAT = Duration.ofSeconds(3);
    private static final String COLUMNS = "(run String, machine String, pid Int64, began Int64,"
            + " at DateTime64(3) DEFAULT now64(3), over UInt8)"
            + " ENGINE = MergeTree ORDER BY (run, at) TTL toDateTime(at) + INTERVAL 1 DAY GROUP BY run SET at = max(at),"
            + " over = max(over), toDateTime(at) + INTERVAL 90 DAY";

    private final ClickHouseAdmin admin;
    private final String table;
    private final String run;
    private final ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor(task -> {
        var thread = new Thread(task, "isolated-clickhouse-heartbeat");
        thread.setDaemon(true);
        return thread;
    });

    private Registry(ClickHouseAdmin admin, String table, String run) {
        this.admin = admin;
        this.table = table;
        this.run = run;
    }

    /** Announces a run in a table, and goes on showing that it lives. */
    static Registry begin(ClickHouseAdmin admin, String table, String run) {
        admin.run("make the table of runs", "CREATE TABLE IF NOT EXISTS " + table + " " + COLUMNS);
        var registry = new Registry(admin, table, run);
        registry.say(false);
        var unused = registry.beats.scheduleWithFixedDelay(
                registry::beat, BEAT.toMillis(), BEAT.toMillis(), TimeUnit.MILLISECONDS);
        return registry;
    }

    /** The runs that were there and live no more; what is not known to have lived is not dead. */
    Set<String> dead() {
        return admin
                .rows(
                        "see which runs live",
                        "SELECT run, any(machine), any(pid), any(began), max(at) > now64(3) - INTERVAL "
                                + LIFE.toSeconds()
                                + " SECOND, max(over) FROM " + table + " GROUP BY run FORMAT TSV")
                .stream()
                .map(row -> row.split("\t", -1))
                .filter(columns -> columns[5].equals("1") || !lives(columns))
                .map(columns -> columns[0])
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Who shows life is not dead, whatever there is to be seen of a process but that it is gone. */
    private static boolean lives(String[] columns) {
        var witness = new Witness(columns[1], Long.parseLong(columns[2]), Long.parseLong(columns[3]));
        boolean beats = columns[4].equals("1");
        return Witness.OWN.sees(witness) ? witness.isThere() && (beats || witness.isTheSame()) : beats;
    }

    /** Says that the run is over. */
    void end() {
        stop();
        say(true);
    }

    /** Shows no life any more. */
    void stop() {
        beats.shutdownNow();
    }

    private void beat() {
        try {
            say(false);
        } catch (RuntimeException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "the next heartbeat will do", e);
        }
    }

    private void say(boolean over) {
        Witness own = Witness.OWN;
        admin.run(
                "show that run " + run + " lives",
                "INSERT INTO " + table + " (run, machine, pid, began, over) VALUES ('" + run + "', '" + own.machine()
                        + "', " + own.pid() + ", " + own.began() + ", " + (over ? 1 : 0) + ")");
    }
}
