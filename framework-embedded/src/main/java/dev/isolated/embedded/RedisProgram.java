package dev.isolated.embedded;

import dev.isolated.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that is a Redis. Immutable; which versions programs are is remembered as long as the JVM lasts.
 *
 * @param file where it is; empty for the one in the jar, which is unpacked first
 */
record RedisProgram(Optional<Path> file) {

    private static final List<String> NAMES = List.of("redis-server", "valkey-server");
    private static final Pattern VERSION = Pattern.compile("\\bv=(\\d+)\\.");
    private static final int OLDEST_ON_PATH = 7;
    private static final Map<Path, Optional<Integer>> MAJORS = new ConcurrentHashMap<>();

    /** The one that the settings ask for; empty where there is none. */
    static Optional<RedisProgram> chosen(Settings settings) {
        String wanted = settings.get(EmbeddedKeys.REDIS);
        return switch (wanted) {
            case EmbeddedKeys.AUTO -> onPath().or(RedisProgram::bundled);
            case EmbeddedKeys.BUNDLED -> bundled();
            default ->
                Optional.of(Path.of(wanted)).filter(Files::isExecutable).map(it -> new RedisProgram(Optional.of(it)));
        };
    }

    /** The program's file, unpacked by whoever comes first. */
    Path unpacked(Path cache) throws IOException {
        return file.isPresent()
                ? file.get()
                : Once.directory(directory(cache), RedisProgram::unpack).resolve(NAMES.get(0));
    }

    /** Removes what was unpacked where it does not run. */
    void distrust(Path cache) throws IOException {
        Path unpacked = directory(cache);
        if (file.isEmpty()
                && Files.isDirectory(unpacked)
                && major(unpacked.resolve(NAMES.get(0))).isEmpty()) {
            Once.delete(unpacked);
        }
    }

    private static Optional<RedisProgram> onPath() {
        return NAMES.stream()
                .flatMap(name -> Programs.onPath(name).stream())
                .map(Path::of)
                .filter(program ->
                        knownMajor(program).filter(it -> it >= OLDEST_ON_PATH).isPresent())
                .findFirst()
                .map(program -> new RedisProgram(Optional.of(program)));
    }

    private static Optional<RedisProgram> bundled() {
        return resource().map(found -> new RedisProgram(Optional.empty()));
    }

    /** Asked once of each program: servers are started often. */
    private static Optional<Integer> knownMajor(Path program) {
        return MAJORS.computeIfAbsent(program, RedisProgram::major);
    }

    private static Optional<Integer> major(Path program) {
        try {
            Matcher version = VERSION.matcher(
                    Programs.said(new ProcessBuilder(program.toString(), "--version"), program.toString()));
            return version.find() ? Optional.of(Integer.valueOf(version.group(1))) : Optional.empty();
        } catch (IOException e) {
            Log.LOGGER.log(System.Logger.Level.WARNING, "{0} cannot be used: {1}", program, e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<URL> resource() {
        String name = Platform.current().redisResource();
        return name.isEmpty() ? Optional.empty() : Optional.ofNullable(RedisProgram.class.getResource("/" + name));
    }

    private static Path directory(Path cache) {
        return cache.resolve(Platform.current().redisResource());
    }

    private static void unpack(Path directory) throws IOException {
        Files.createDirectories(directory);
        Path program = directory.resolve(NAMES.get(0));
        try (InputStream content = resource().orElseThrow().openStream()) {
            Files.copy(content, program);
        }
        // Where root unpacks with a strict umask, somebody else is to run it.
        Programs.run(new ProcessBuilder("chmod", "-R", "a+rX,a+x", directory.toString()), "chmod");
    }
}
