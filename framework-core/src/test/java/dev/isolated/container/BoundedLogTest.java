package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BoundedLogTest {

    private static final int MOST = 1_000;

    @TempDir
    private Path directory;

    @Test
    void itNeverGrowsBeyondItsSizeAndKeepsTheEnd() throws Exception {
        Path file = directory.resolve("log");
        try (var log = new BoundedLog(file, MOST)) {
            for (int i = 1; i <= 500; i++) {
                write(log, "line " + i + "\n");
                assertThat(file.toFile().length()).isLessThanOrEqualTo(MOST);
            }
            assertThat(log.lastWords().lines())
                    .hasSize(20)
                    .startsWith("line 481")
                    .endsWith("line 500");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void ofAWriteThatIsTooLargeTheEndIsKept() throws Exception {
        try (var log = new BoundedLog(directory.resolve("log"), MOST)) {
            write(log, "x".repeat(5 * MOST) + "\nthe end\n");

            assertThat(log.file().toFile().length()).isLessThanOrEqualTo(MOST);
            assertThat(log.lastWords()).endsWith("\nthe end");
        }
    }

    @Test
    void oneInWhichNothingWasWrittenSaysSo() throws Exception {
        try (var log = new BoundedLog(directory.resolve("log"), MOST)) {
            assertThat(log.lastWords()).isEqualTo("none");
        }
    }

    private static void write(BoundedLog log, String text) throws Exception {
        log.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
