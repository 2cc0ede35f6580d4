package dev.isolated.embedded;

import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Redis or Valkey, from the path or from a jar. Stateless. */
final class RedisEngine implements Engine {

    private static final String ADMINISTRATOR = "default";
    private static final String READY = "Ready to accept connections";
    private static final String PORT_TAKEN = "Address already in use";
    private static final String CONFIGURATION = "redis.conf";
    private static final String DATA = "data";

    /** Those that any run may find. */
    private static final String SHARED = "redis";

    /** Those of one test. */
    private static final String OWN = "redisown";

    private static final String PASSWORD_FILE = "password";
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    @Override
    public Optional<String> refusal(Settings settings) {
        return RedisProgram.chosen(settings).isPresent() ? Optional.empty() : Optional.of(missing(settings));
    }

    @Override
    public Recipe recipe(Settings settings, Account account, Places places) throws IOException {
        return recipe(settings, account, places, SHARED, List.of());
    }

    @Override
    public Optional<Recipe> ownRecipe(Settings settings, Account account, Places places, List<String> options)
            throws IOException {
        return Optional.of(recipe(settings, account, places, OWN, options));
    }

    private static Recipe recipe(Settings settings, Account account, Places places, String kind, List<String> options)
            throws IOException {
        Path program = program(settings).unpacked(places.cache());
        places.requireReachable(program, EmbeddedKeys.CACHE);
        List<String> configuration = configuration(settings);
        Path made = Once.directory(
                places.cache().resolve("redis-data-" + Integer.toHexString(configuration.hashCode())),
                directory -> prepare(directory, configuration, account));
        Secret password = Secret.of(Files.readString(made.resolve(PASSWORD_FILE), StandardCharsets.UTF_8));
        int differences = Objects.hash(program.toString(), made.toString(), Host.VERSION);
        return new Recipe(
                String.format("%s-%08x", kind, differences),
                made.resolve(DATA),
                port -> Stream.concat(
                                Stream.of(program.toString(), CONFIGURATION, "--port", Integer.toString(port)),
                                options.stream())
                        .toList(),
                port -> Optional.empty(),
                READY,
                PORT_TAKEN,
                ADMINISTRATOR,
                password);
    }

    /** The program may be damaged; the configuration is four hundred bytes that nobody would damage but on purpose. */
    @Override
    public void distrust(Places places) throws IOException {
        new RedisProgram(Optional.empty()).distrust(places.cache());
    }

    /** No file is ever written but the number of the process, and nobody beyond this machine is listened to. */
    private static List<String> configuration(Settings settings) {
        return List.of(
                "bind 127.0.0.1",
                "protected-mode yes",
                "databases " + settings.get(EmbeddedKeys.DATABASES),
                "save \"\"",
                "appendonly no",
                "pidfile redis.pid",
                "lazyfree-lazy-user-flush yes");
    }

    /** Every start changes the password, which the server's account alone can read until then. */
    private static void prepare(Path directory, List<String> configuration, Account account) throws IOException {
        Files.createDirectory(directory, PRIVATE);
        Path data = Files.createDirectory(directory.resolve(DATA), PRIVATE);
        String password = Secret.random().reveal();
        Path file = writePrivately(
                data.resolve(CONFIGURATION), String.join("\n", configuration) + "\nrequirepass " + password + "\n");
        writePrivately(directory.resolve(PASSWORD_FILE), password);
        account.own(file);
        account.own(data);
    }

    private static Path writePrivately(Path file, String text) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static RedisProgram program(Settings settings) throws IOException {
        return RedisProgram.chosen(settings).orElseThrow(() -> new IOException(missing(settings)));
    }

    private static String missing(Settings settings) {
        String wanted = settings.get(EmbeddedKeys.REDIS);
        return wanted.equals(EmbeddedKeys.AUTO) || wanted.equals(EmbeddedKeys.BUNDLED)
                ? "there is no redis-server or valkey-server of version 7 or newer on the path, and no Redis for this platform"
                        + " on the class path; install one, or add com.github.codemonstur:embedded-redis with scope runtime"
                : EmbeddedKeys.REDIS + " is " + wanted + ", which is no program that can be run";
    }
}
