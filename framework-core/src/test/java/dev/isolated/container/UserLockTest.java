package dev.isolated.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserLockTest {

    private static final Duration SHORT = Duration.ofMillis(100);

    @TempDir
    private Path directory;

    @Test
    void whoWaitsInVainIsToldAndTheHolderStillHoldsIt() throws Exception {
        Path file = directory.resolve("lock");
        try (UserLock held = UserLock.on(file, SHORT)) {
            assertThatThrownBy(() -> UserLock.on(file, SHORT))
                    .isInstanceOf(IOException.class)
                    .hasMessage("somebody still holds the lock file " + file);
            assertThat(held).isNotNull();
        }
        UserLock.on(file, SHORT).close();
    }

    @Test
    void aLockThatIsHeldElsewhereIsWaitedForNoLongerThanAllowed() throws Exception {
        Path file = directory.resolve("lock");
        try (FileChannel elsewhere = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(elsewhere.lock().isValid()).isTrue();

            assertThatThrownBy(() -> UserLock.on(file, SHORT))
                    .isInstanceOf(IOException.class)
                    .hasMessage("somebody still holds the lock file " + file);
        }
        UserLock.on(file, SHORT).close();
    }
}
