package dev.isolated.lease;

import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Evidence;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is told of the tenants of one server's slices when their test has failed: what the slice knows, and the server's log.
 * Immutable.
 */
record Forensics(Server server, int logLines) {

    static Forensics of(Server server, Settings settings) {
        boolean off = settings.get(Keys.EVIDENCE).equals(Keys.OFF);
        return new Forensics(server, off ? 0 : settings.get(Keys.EVIDENCE_LOG_LINES));
    }

    /** What the log has to say from now on; empty where nobody wants to know. */
    Optional<LogWindow> openLog() {
        return logLines == 0 ? Optional.empty() : LogWindow.open(server.hold());
    }

    /** What can be told; the administrator's password is no part of it, and no failure comes out of here. */
    List<Evidence> evidence(Slice<?> slice, Optional<LogWindow> log) {
        return Stream.concat(toldBy(slice), log.stream().map(it -> logged(slice, it)))
                .map(it -> it.without(server.endpoint().password()))
                .toList();
    }

    private Evidence logged(Slice<?> slice, LogWindow log) {
        return log.evidence(server, slice.ownLogLines(), logLines);
    }

    private static Stream<Evidence> toldBy(Slice<?> slice) {
        try {
            return slice.evidence().stream();
        } catch (RuntimeException | Error e) {
            return Stream.of(Evidence.notToBeHad("what was done to " + slice.describe(), e));
        }
    }
}
