package dev.isolated.lease;

import dev.isolated.spi.Evidence;
import dev.isolated.spi.Hold;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What a server writes to its log while a lease lasts. Immutable.
 *
 * @param from how long the log was when the lease began
 */
record LogWindow(Path file, long from) {

    private static final int MOST_BYTES = 1024 * 1024;

    /** Opens it, where the log can be had; reads nothing yet. */
    static Optional<LogWindow> open(Hold hold) {
        return hold.log().map(file -> new LogWindow(file, file.toFile().length()));
    }

    /** The last lines of it, those of the slice alone if that can be told. */
    Evidence evidence(Server server, Optional<Predicate<String>> own, int most) {
        String title = "log of " + server.describe();
        try {
            List<String> lines = chosen(lines(), own.orElse(line -> true));
            String whose = own.isPresent()
                    ? ""
                    : "(other tests may use this server at the same time; some of these lines may be theirs)\n";
            List<String> last = lines.subList(Math.max(0, lines.size() - most), lines.size());
            return new Evidence(title, lines.isEmpty() ? "nothing in the meantime" : whose + String.join("\n", last));
        } catch (IOException e) {
            return Evidence.notToBeHad(title, e);
        }
    }

    private List<String> lines() throws IOException {
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            // A log that has become shorter was begun anew.
            long start = log.length() < from ? 0 : from;
            start = Math.max(start, log.length() - MOST_BYTES);
            var bytes = new byte[(int) (log.length() - start)];
            log.seek(start);
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8).lines().toList();
        }
    }

    /** An indented line goes on with what the one before it has begun. */
    private static List<String> chosen(List<String> lines, Predicate<String> own) {
        var chosen = new ArrayList<String>();
        boolean taken = false;
        for (String line : lines) {
            boolean goesOn = !line.isEmpty() && Character.isWhitespace(line.charAt(0));
            taken = goesOn ? taken : own.test(line);
            if (taken) {
                chosen.add(line);
            }
        }
        return chosen;
    }
}
