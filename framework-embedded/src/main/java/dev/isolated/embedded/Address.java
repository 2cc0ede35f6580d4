package dev.isolated.embedded;

import dev.isolated.settings.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Where a server that runs already can be reached, as its host's directory says it to the JVMs of its user. Immutable. */
record Address(int port, String version, Secret password) {

    private static final int LINES = 3;

    /** Makes it known; nobody sees half of it. */
    void publish(HostDirectory directory) throws IOException {
        Path half = directory.path().resolve("address.half");
        Files.createFile(half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(half, List.of(Integer.toString(port), version, password.reveal()), StandardCharsets.UTF_8);
        Files.move(half, directory.address(), StandardCopyOption.ATOMIC_MOVE);
    }

    static Address of(HostDirectory directory) throws IOException {
        List<String> lines = Files.readAllLines(directory.address(), StandardCharsets.UTF_8);
        if (lines.size() != LINES) {
            throw new IOException(directory.address() + " has " + lines.size() + " lines in place of " + LINES);
        }
        return new Address(number(directory, lines.get(0)), lines.get(1), Secret.of(lines.get(2)));
    }

    private static int number(HostDirectory directory, String text) throws IOException {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IOException(directory.address() + " begins with something that is no port", e);
        }
    }
}
