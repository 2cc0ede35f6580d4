package dev.isolated.embedded;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The file with what a server says, which its host keeps small. It outlives the server. Immutable. */
record ServerLog(Path file) {

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final String SUFFIX = ".log";
    private static final int KEPT = 20;

    /** Servers in other places cannot be asked whether they live; one that does says something in that time. */
    private static final Duration SILENT = Duration.ofHours(1);

    private static final int LAST_LINES = 20;
    private static final int LAST_BYTES = 8 * 1024;

    static ServerLog of(Path logs, HostDirectory directory) {
        return new ServerLog(logs.resolve(directory.name() + SUFFIX));
    }

    /** A log that is still empty. */
    static ServerLog begin(Path logs, HostDirectory directory) throws IOException {
        ServerLog log = of(logs, directory);
        remove(log.file);
        Files.createFile(log.file, PRIVATE);
        return log;
    }

    /** Removes, but for some, the logs of servers that are no more, the oldest first. */
    static void sweep(Path logs, Path hosts) throws IOException {
        var ages = new HashMap<Path, Long>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(logs, "*" + SUFFIX)) {
            found.forEach(file -> ages.put(file, file.toFile().lastModified()));
        }
        // Their ages are asked once: those of servers that run change meanwhile.
        List<Path> old = ages.entrySet().stream()
                .sorted(Map.Entry.<Path, Long>comparingByValue().reversed())
                .skip(KEPT)
                .filter(log -> log.getValue() < System.currentTimeMillis() - SILENT.toMillis())
                .map(Map.Entry::getKey)
                .filter(log -> !Files.exists(hosts.resolve(name(log))))
                .toList();
        for (Path log : old) {
            remove(log);
        }
    }

    private static String name(Path log) {
        String file = log.getFileName().toString();
        return file.substring(0, file.length() - SUFFIX.length());
    }

    private static void remove(Path log) throws IOException {
        Files.deleteIfExists(log);
        Files.deleteIfExists(log.resolveSibling(log.getFileName() + ".1"));
    }

    /** The last lines. */
    String lastWords() {
        List<String> lines = end().lines().toList();
        return lines.isEmpty()
                ? "none"
                : String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    boolean contains(String words) {
        return end().contains(words);
    }

    private String end() {
        try (var log = new RandomAccessFile(file.toFile(), "r")) {
            long start = Math.max(0, log.length() - LAST_BYTES);
            var bytes = new byte[(int) (log.length() - start)];
            log.seek(start);
            log.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "the log cannot be read: " + e;
        }
    }
}
