package dev.isolated.container;

import dev.isolated.settings.Secret;
import dev.isolated.spi.UserCache;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;

/** Where a shared container's server is, and its administrator's password; kept in a file of the user's. Immutable. */
record SharedAddress(String container, int port, Secret password, String version) {

    /** What was written to a file; empty where there is nothing, or nothing of use. */
    static Optional<SharedAddress> read(Path file) throws IOException {
        var properties = new Properties();
        try {
            properties.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
            return Optional.of(new SharedAddress(
                    require(properties, "container"),
                    Integer.parseInt(require(properties, "port")),
                    Secret.of(require(properties, "password")),
                    require(properties, "version")));
        } catch (NoSuchFileException | IllegalArgumentException e) {
            Log.LOGGER.log(System.Logger.Level.DEBUG, "{0} names no container: {1}", file, e.getMessage());
            return Optional.empty();
        }
    }

    /** Writes it so that others see the whole of it or nothing, and nobody but the user sees anything. */
    void write(Path file) throws IOException {
        var properties = new Properties();
        properties.setProperty("container", container);
        properties.setProperty("port", Integer.toString(port));
        properties.setProperty("password", password.reveal());
        properties.setProperty("version", version);
        var text = new StringWriter();
        properties.store(text, null);
        Path half = file.resolveSibling(file.getFileName() + ".half");
        Files.deleteIfExists(half);
        UserCache.createPrivateFile(half);
        Files.writeString(half, text.toString(), StandardCharsets.UTF_8);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String require(Properties properties, String name) {
        String text = properties.getProperty(name);
        if (text == null) {
            throw new IllegalArgumentException("it has no " + name);
        }
        return text;
    }
}
