package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copies of the front's classes in the cache. */
class FrontClassesTest {

    @TempDir
    private Path cache;

    @Test
    void copiesThatNobodyHasUsedForADayGoWhenNewOnesAreMade() throws IOException {
        Path old = used("clickhouse-front-old", Duration.ofHours(25));
        Path recent = used("clickhouse-front-recent", Duration.ofHours(23));
        Path other = used("postgres-old", Duration.ofDays(100));

        Path gathered = FrontClasses.gathered(cache);

        assertThat(old).doesNotExist();
        assertThat(recent).exists();
        assertThat(other).exists();
        assertThat(FrontClasses.jar(gathered)).isRegularFile();
    }

    @Test
    void usingCopiesKeepsThem() throws IOException {
        Path gathered = FrontClasses.gathered(cache);
        Instant longAgo = Instant.now().minus(Duration.ofDays(2));
        Files.setLastModifiedTime(gathered, FileTime.from(longAgo));

        assertThat(FrontClasses.gathered(cache)).isEqualTo(gathered);

        assertThat(Files.getLastModifiedTime(gathered).toInstant()).isAfter(longAgo.plus(Duration.ofDays(1)));
    }

    private Path used(String name, Duration ago) throws IOException {
        Path directory = Files.createDirectory(cache.resolve(name));
        Files.writeString(directory.resolve("front.jar"), "a jar");
        Files.setLastModifiedTime(directory, FileTime.from(Instant.now().minus(ago)));
        return directory;
    }
}
