package dev.isolated.embedded;

import dev.isolated.settings.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;

/**
 * With what a ClickHouse begins: files that know its administrator's password by a hash, made once for a cache. Immutable.
 *
 * @param directory the one that each server has a copy of
 */
record ClickHouseData(Path directory, Secret password) {

    static final String ADMINISTRATOR = "default";

    private static final String DATA = "data";
    private static final String PASSWORD_FILE = "password";
    private static final FileAttribute<?> PRIVATE_DIRECTORY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    private static final FileAttribute<?> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /**
     * Made by whoever comes first.
     *
     * @param place where it is kept
     * @param contents the files' names and texts, for the hash of a password by SHA-256
     */
    static ClickHouseData prepared(Path place, Account account, Function<String, Map<String, String>> contents)
            throws IOException {
        Path made = Once.directory(place, directory -> prepare(directory, account, contents));
        return new ClickHouseData(
                made.resolve(DATA), Secret.of(Files.readString(made.resolve(PASSWORD_FILE), StandardCharsets.UTF_8)));
    }

    private static void prepare(Path directory, Account account, Function<String, Map<String, String>> contents)
            throws IOException {
        Files.createDirectory(directory, PRIVATE_DIRECTORY);
        Path data = Files.createDirectory(directory.resolve(DATA), PRIVATE_DIRECTORY);
        Secret password = Secret.random();
        write(directory.resolve(PASSWORD_FILE), password.reveal());
        for (Map.Entry<String, String> file : contents.apply(hash(password)).entrySet()) {
            account.own(write(data.resolve(file.getKey()), file.getValue()));
        }
        account.own(data);
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createFile(file, PRIVATE_FILE);
        return Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static String hash(Secret password) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest(password.reveal().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
