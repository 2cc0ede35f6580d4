package dev.isolated.container;

import dev.isolated.spi.UserCache;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** The user's directory for what belongs to containers: their logs, and the addresses of those that are shared. Immutable. */
record Places(Path directory) {

    private static final int LOG_SIZE = 2 << 20;
    private static final String LOG = ".log";
    private static final AtomicInteger COUNT = new AtomicInteger();

    /** In the user's cache. */
    static Places ofUser() throws IOException {
        return in(UserCache.path().resolve("containers"));
    }

    static Places in(Path directory) throws IOException {
        UserCache.createPrivate(directory);
        return new Places(directory);
    }

    /** A new log, after removing those of JVMs that are gone. */
    BoundedLog log(String service) throws IOException {
        try (var files = Files.newDirectoryStream(directory, "*" + LOG)) {
            for (Path file : files) {
                if (abandoned(file)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        long pid = ProcessHandle.current().pid();
        return new BoundedLog(directory.resolve(service + "-" + COUNT.incrementAndGet() + "-" + pid + LOG), LOG_SIZE);
    }

    private static boolean abandoned(Path file) {
        List<String> parts =
                List.of(file.getFileName().toString().replace(LOG, "").split("-", -1));
        String pid = parts.get(parts.size() - 1);
        return pid.matches("\\d{1,18}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }
}
