package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.embedded.front.Front;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The front that is started for an archive of its classes stays for nobody. */
@Timeout(120)
class FrontArchiveTest {

    @TempDir
    private Path directory;

    private Process front;

    @BeforeEach
    void start() throws IOException {
        // Its account is not always whoever has made the directory.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path scratch = Files.createDirectory(directory.resolve("scratch"));
        front = FrontArchive.started(scratch, SmallFront.command(), Account.current());
    }

    @AfterEach
    void kill() {
        front.destroyForcibly();
    }

    @Test
    void itEndsWhenItHasAnsweredItselfAndLeavesTheArchive() throws Exception {
        String said = new String(front.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(front.waitFor()).as(said).isZero();
        assertThat(said).contains(Front.REHEARSED);
        Path archive = directory.resolve("scratch").resolve(FrontArchive.NAME);
        assertThat(archive).isNotEmptyFile();
        Account account = Account.current();
        if (account.root()) {
            assertThat(Files.getOwner(archive).getName()).isEqualTo(account.owner());
        }
    }

    @Test
    void itEndsWithWhoeverHasStartedIt() throws Exception {
        // As the system does where that process is killed.
        front.getOutputStream().close();
        assertThat(front.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
}
