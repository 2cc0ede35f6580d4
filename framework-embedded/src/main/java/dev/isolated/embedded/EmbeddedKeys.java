package dev.isolated.embedded;

import dev.isolated.settings.Key;
import java.time.Duration;
import java.util.List;

/** The settings of the embedded source. */
final class EmbeddedKeys {

    static final Key<String> CACHE = Key.text(
            "isolated.embedded.cache",
            "",
            "Where unpacked binaries and initialised data directories are kept; empty for the user's cache directory.");

    static final Key<String> DIRECTORY = Key.text(
            "isolated.embedded.directory",
            "",
            "Where running servers keep their data; empty for the shared-memory file system if it has room, else the"
                    + " temporary directory.");

    static final Key<Duration> START_TIMEOUT = Key.duration(
            "isolated.embedded.start-timeout", Duration.ofSeconds(30), "How long a server may take to become ready.");

    static final String ON = "on";
    static final String OFF = "off";

    static final Key<String> WARM = Key.choice(
            "isolated.embedded.warm",
            List.of("auto", ON, OFF),
            "Whether servers stay for the next run when no run uses them; auto says no where CI=true and yes elsewhere.");

    static final Key<Duration> IDLE = Key.duration(
            "isolated.embedded.idle",
            Duration.ofMinutes(10),
            "For how long servers that stay warm stay; counted in whole seconds.");

    static final Key<Integer> CONNECTIONS = Key.integer(
            "isolated.embedded.connections",
            50,
            5_000,
            300,
            "How many connections a server takes, of all runs together that use it at the same time.");

    /** A value of {@link #REDIS}. */
    static final String BUNDLED = "bundled";

    /** A value of {@link #REDIS} and of {@link #CLICKHOUSE}. */
    static final String AUTO = "auto";

    static final Key<String> REDIS = Key.text(
            "isolated.embedded.redis",
            AUTO,
            "Which program is an embedded Redis: auto for a redis-server or valkey-server of version 7 or newer from the path,"
                    + " else the bundled one; bundled for that; or the program's file.");

    static final Key<Integer> DATABASES = Key.integer(
            "isolated.embedded.databases",
            4,
            20_000,
            4_096,
            "How many databases an embedded Redis has, for all runs together that use it at the same time.");

    /** A value of {@link #CLICKHOUSE}. */
    static final String LIBRARY = "library";

    static final Key<String> CLICKHOUSE = Key.text(
            "isolated.embedded.clickhouse",
            AUTO,
            "What is the embedded ClickHouse: auto for a clickhouse of version 24 or newer from the path, else the engine as a"
                    + " library; library for that, which is in the cache or fetched with npm; off for none; or the file of a"
                    + " clickhouse or of a libchdb.");

    private EmbeddedKeys() {}

    static List<Key<?>> all() {
        return List.of(CACHE, DIRECTORY, START_TIMEOUT, WARM, IDLE, CONNECTIONS, REDIS, DATABASES, CLICKHOUSE);
    }
}
