package dev.isolated.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a data directory is initialised and configured, which differs between the versions of Postgres. Immutable.
 *
 * @param major the version, such as 18
 */
record Cluster(int major) {

    private static final String VERSION_IS_IN = "share/postgresql/postgres.bki";
    private static final String BEFORE_VERSION = "# PostgreSQL ";

    private static final int SETTINGS_FOR_INITDB = 16;
    private static final int BUILTIN_LOCALE = 17;
    private static final int CHOICE_OF_IO = 18;

    /** For unpacked binaries, which say in their catalog's definition what version they are. */
    static Cluster of(Path binaries) throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(binaries.resolve(VERSION_IS_IN))) {
            String line = String.valueOf(reader.readLine());
            if (!line.startsWith(BEFORE_VERSION)) {
                throw new IOException(VERSION_IS_IN + " begins with \"" + line + "\" and not with a version");
            }
            return new Cluster(
                    Integer.parseInt(line.substring(BEFORE_VERSION.length()).replaceAll("\\D.*", "")));
        }
    }

    /** What initdb is told. */
    List<String> options() {
        var options = new ArrayList<>(List.of(
                "--auth=password",
                "--encoding=UTF8",
                "--locale=C",
                "--wal-segsize=1",
                "--no-sync",
                "--no-instructions"));
        if (major >= BUILTIN_LOCALE) {
            options.addAll(List.of("--locale-provider=builtin", "--builtin-locale=C.UTF-8"));
        } else {
            options.add("--lc-ctype=C.UTF-8");
        }
        if (major >= SETTINGS_FOR_INITDB) {
            // For what initdb itself leaves: a cheap log-in, and few log files to copy.
            options.addAll(List.of("--set=scram_iterations=1", "--set=wal_recycle=off"));
        }
        return List.copyOf(options);
    }

    /** Durability is of no use to data that is thrown away; everything else stays as Postgres has it. */
    List<String> configuration() {
        var lines = new ArrayList<>(List.of(
                "listen_addresses = '127.0.0.1'",
                "unix_socket_directories = '.'",
                "unix_socket_permissions = 0700",
                "fsync = off",
                "synchronous_commit = off",
                "full_page_writes = off",
                "wal_level = minimal",
                "max_wal_senders = 0",
                "wal_recycle = on",
                "max_wal_size = 64MB",
                "checkpoint_timeout = 1h",
                "shared_buffers = 64MB",
                "huge_pages = off",
                "dynamic_shared_memory_type = mmap",
                "password_encryption = scram-sha-256",
                "lc_messages = 'C'"));
        if (major >= CHOICE_OF_IO) {
            lines.add("io_method = sync");
        }
        return List.copyOf(lines);
    }
}
