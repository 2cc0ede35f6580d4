package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HostDirectoryTest {

    @Test
    void aSocketWhosePathIsTooLongForTheSystemIsNotUsed() {
        var near = new HostDirectory(Path.of("/dev/shm/isolated-0/postgres-1f2e3d4c-4711-1"));
        var far = new HostDirectory(Path.of("/dev/shm", "isolated".repeat(10), "postgres-1f2e3d4c-4711-1"));

        assertThat(near.socket(".s.PGSQL.5432")).contains(near.path().resolve("data/.s.PGSQL.5432"));
        assertThat(far.socket(".s.PGSQL.5432")).isEmpty();
    }
}
