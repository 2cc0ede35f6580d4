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

    private EmbeddedKeys() {}

    static List<Key<?>> all() {
        return List.of(CACHE, DIRECTORY, START_TIMEOUT);
    }
}
