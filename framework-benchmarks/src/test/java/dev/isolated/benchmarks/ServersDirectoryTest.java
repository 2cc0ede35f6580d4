package dev.isolated.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ServersDirectoryTest {

    @Test
    void nothingOfABenchmarksServerIsLeftInMemory() throws IOException {
        Path directory;
        try (var own = OwnPostgres.start()) {
            directory = own.directory().path();
            try (Stream<Path> inside = Files.walk(directory, 2)) {
                assertThat(inside).anyMatch(it -> it.toString().endsWith(".lock"));
            }
        }
        assertThat(directory).doesNotExist();
    }
}
