package dev.isolated.embedded;

import dev.isolated.settings.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * An initialised data directory that every start copies, made once per machine and user.
 *
 * @param password the administrator's until the server has started; every start changes it
 */
record DataTemplate(Path directory, Secret password) {

    static final String ADMINISTRATOR = "postgres";

    private static final String PASSWORD_FILE = "password";
    private static final String DATA = "data";
    private static final String SIZE = "size";
    private static final Pattern MAP = Pattern.compile("\\d+_(fsm|vm)");

    static DataTemplate initialised(Path binaries, Account account, Places places) throws IOException {
        var cluster = Cluster.of(binaries);
        int kind = Objects.hash(
                cluster.options(), cluster.configuration(), MAP.pattern(), "without template0, with its size");
        Path made = Once.directory(
                binaries.resolveSibling(binaries.getFileName() + "-data-" + Integer.toHexString(kind)),
                directory -> initialise(binaries, cluster, account, places, directory));
        return new DataTemplate(
                made.resolve(DATA), Secret.of(Files.readString(made.resolve(PASSWORD_FILE), StandardCharsets.UTF_8)));
    }

    /** Whether a directory that was made here is not as large any more as it was. */
    static boolean damaged(Path made) throws IOException {
        Path size = made.resolve(SIZE);
        return Files.exists(size)
                && !Files.readString(size, StandardCharsets.UTF_8).equals(Long.toString(size(made.resolve(DATA))));
    }

    private static long size(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    private static void initialise(Path binaries, Cluster cluster, Account account, Places places, Path directory)
            throws IOException {
        Files.createDirectory(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Path passwordFile = directory.resolve(PASSWORD_FILE);
        Files.writeString(passwordFile, Secret.random().reveal(), StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(passwordFile, PosixFilePermissions.fromString("rw-------"));

        // The server's account may not be able to reach the cache, so it works where servers run.
        Path workshop = Files.createTempDirectory(places.running(), "initdb-");
        try {
            Path password = Files.copy(passwordFile, workshop.resolve(PASSWORD_FILE));
            account.own(password);
            account.own(workshop);
            initdb(binaries, cluster, account, workshop);
            dropSpareDatabase(binaries, account, workshop);
            trim(workshop.resolve(DATA));
            Files.writeString(
                    workshop.resolve(DATA).resolve("postgresql.auto.conf"),
                    String.join("\n", cluster.configuration()) + "\n",
                    StandardCharsets.UTF_8);
            copy(workshop.resolve(DATA), directory.resolve(DATA));
            Files.writeString(
                    directory.resolve(SIZE), Long.toString(size(directory.resolve(DATA))), StandardCharsets.UTF_8);
        } finally {
            Once.delete(workshop);
        }
    }

    private static void initdb(Path binaries, Cluster cluster, Account account, Path workshop) throws IOException {
        var command = new ArrayList<>(List.of(
                binaries.resolve("bin/initdb").toString(),
                "--pgdata=" + DATA,
                "--username=" + ADMINISTRATOR,
                "--pwfile=" + PASSWORD_FILE));
        command.addAll(cluster.options());
        Programs.run(new ProcessBuilder(account.command(command)).directory(workshop.toFile()), "initdb");
    }

    /** A third of the files to copy are template0's, which nothing needs that is not made with another locale. */
    private static void dropSpareDatabase(Path binaries, Account account, Path workshop) throws IOException {
        List<String> command = account.command(
                List.of(binaries.resolve("bin/postgres").toString(), "--single", "-F", "-D", DATA, ADMINISTRATOR));
        Path statements = Files.writeString(
                workshop.resolve("statements.sql"),
                "UPDATE pg_database SET datistemplate = false WHERE datname = 'template0'\nDROP DATABASE template0\n",
                StandardCharsets.UTF_8);
        Programs.run(
                new ProcessBuilder(command).directory(workshop.toFile()).redirectInput(statements.toFile()),
                "postgres --single");
    }

    /** Removes the maps of free space and visibility, a quarter of the files to copy; the server makes them as it needs them. */
    private static void trim(Path data) throws IOException {
        List<Path> maps;
        try (Stream<Path> files = Files.walk(data)) {
            maps = files.filter(
                            file -> MAP.matcher(file.getFileName().toString()).matches())
                    .toList();
        }
        for (Path map : maps) {
            Files.delete(map);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Programs.run(new ProcessBuilder("cp", "-Rp", from.toString(), to.toString()), "cp");
    }
}
