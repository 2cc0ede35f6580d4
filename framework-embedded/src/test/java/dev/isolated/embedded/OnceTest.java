package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.error.IsolationException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnceTest {

    @TempDir
    Path temporary;

    @RepeatedTest(20)
    void severalMayDeleteTheSameDirectoryAtTheSameTime() throws Exception {
        Path directory = Files.createDirectory(temporary.resolve("server"));
        for (int i = 0; i < 300; i++) {
            Files.createFile(directory.resolve("file" + i));
        }
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            var deletions = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 4; i++) {
                deletions.add(() -> deleted(directory));
            }
            for (Future<Boolean> deletion : executor.invokeAll(deletions)) {
                assertThat(deletion.get()).isTrue();
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(directory).doesNotExist();
    }

    @Test
    void deletingWhatIsNotThereIsNoFailure() throws IOException {
        Once.delete(temporary.resolve("nothing"));

        assertThat(temporary).isEmptyDirectory();
    }

    @Test
    void lockThatAnotherHoldsIsNotWaitedForForEver() throws IOException {
        Path lockFile = temporary.resolve("made.lock");
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            assertThatThrownBy(() ->
                            Once.directory(temporary.resolve("made"), Files::createDirectory, Duration.ofMillis(50)))
                    .isInstanceOf(IsolationException.class)
                    .hasMessageContaining("expected the lock file " + lockFile + " to become free within 50 ms")
                    .hasMessageContaining("found that another process still holds it")
                    .hasMessageContaining("isolated.embedded.cache");
        }
        assertThat(Once.directory(temporary.resolve("made"), Files::createDirectory))
                .isEmptyDirectory();
    }

    private static boolean deleted(Path directory) throws IOException {
        Once.delete(directory);
        return true;
    }
}
