package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunDirectoryTest {

    @TempDir
    Path parent;

    @Test
    void secondServerOfThisJvmLeavesTheFirstOnesLockAlone() throws IOException, InterruptedException {
        try (RunDirectory first = RunDirectory.create(parent);
                RunDirectory second = RunDirectory.create(parent)) {
            assertThat(sweepInAnotherJvm()).isZero();

            assertThat(first.path()).exists();
            assertThat(second.path()).exists();
        }
        assertThat(parent).isEmptyDirectory();
    }

    private int sweepInAnotherJvm() throws IOException, InterruptedException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Sweeper.class.getName(),
                        parent.toString())
                .inheritIO()
                .start()
                .waitFor();
    }

    /** Another test run on the same machine. */
    static final class Sweeper {

        public static void main(String[] arguments) throws IOException {
            RunDirectory.create(Path.of(arguments[0])).close();
        }
    }
}
