package dev.isolated.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.environment.Catalog;
import dev.isolated.settings.Key;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds docs/settings.md to the keys; {@code -Ddocs.write=true} writes the page anew. */
class SettingsReferenceTest {

    private static final Path PAGE = Path.of("..", "docs", "settings.md");

    private static final String HEAD = """
            # Settings

            Every setting has a key. It is looked for in this order, and the first place that has it decides: the extension's builder, the configuration
            parameters that JUnit was started with, system properties, configuration parameters in `junit-platform.properties`, environment variables,
            `isolated.properties` on the class path, the profile, the default. An unknown key in any of these places is an error that names the nearest
            known one.

            | profile | `isolated.environments.max` | `isolated.lease.leak-after` |
            |---|---|---|
            | `development` | 5 | 1m |
            | `ci-fast` | 10 | 2m |
            | `ci-thorough` | 20 | 5m |
            | `production` | 50 | 30s |

            | key and environment variable | takes | default | what it is |
            |---|---|---|---|
            """;

    @Test
    void thePageSaysWhatTheKeysSay() throws IOException {
        String expected = HEAD
                + Catalog.found().keys().stream()
                        .sorted(Comparator.comparing(Key::name))
                        .map(SettingsReferenceTest::row)
                        .collect(Collectors.joining());
        if (Boolean.getBoolean("docs.write")) {
            Files.writeString(PAGE, expected, StandardCharsets.UTF_8);
        }

        assertThat(Files.readString(PAGE, StandardCharsets.UTF_8))
                .as("docs/settings.md; run this test with -Ddocs.write=true to write it")
                .isEqualTo(expected);
    }

    private static String row(Key<?> key) {
        String fallback = key.fallback().isEmpty() ? "" : "`" + key.fallback() + "`";
        return "| `" + key.name() + "`<br>`" + key.variable() + "` | " + key.accepts() + " | " + fallback + " | "
                + key.description() + " |\n";
    }
}
