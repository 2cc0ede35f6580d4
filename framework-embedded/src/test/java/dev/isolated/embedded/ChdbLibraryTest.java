package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Settings;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where the embedded ClickHouse comes from, and what is said where it does not. */
class ChdbLibraryTest {

    private static final Platform LINUX = new Platform("linux", "x86_64");

    /** A program that there is everywhere, and that fails. */
    private static final Optional<String> FAILING = Programs.onPath("false");

    @TempDir
    private Path cache;

    @Test
    void withoutAnythingToFetchItWithTheWaysToGetClickHouseAreListed() {
        assertThat(library("auto", LINUX, Optional.empty()).refusal())
                .contains(
                        "there is no clickhouse of version 24 or newer on the path, no ClickHouse engine in the cache,"
                                + " and no npm to fetch it with; set isolated.embedded.clickhouse to the file of a libchdb of"
                                + " version 26.7 or of a clickhouse of version 24 or newer, install npm,"
                                + " name a server of your own with isolated.clickhouse.host, or start Docker");
    }

    @Test
    void whereThereIsNothingToFetchNobodyIsToldToInstallNpm() {
        assertThat(library("auto", new Platform("windows", "x86_64"), FAILING).refusal())
                .get()
                .asString()
                .contains("none to be fetched for this platform")
                .doesNotContain("install npm");
    }

    @Test
    void whereTheLibraryIsForcedNobodyIsToldOfThePath() {
        assertThat(library("library", LINUX, Optional.empty()).refusal())
                .get()
                .asString()
                .startsWith("there is no ClickHouse engine in the cache, and no npm to fetch it with;");
    }

    @Test
    void whatIsInTheCacheNeedsNoNpm() throws IOException {
        Path cached = cached(1);
        ChdbLibrary library = library("auto", LINUX, Optional.empty());
        assertThat(library.refusal()).isEmpty();
        assertThat(library.file()).isEqualTo(cached);
    }

    @Test
    void aCacheWithoutTheFileHasNoLibrary() throws IOException {
        Files.createDirectory(cache.resolve("chdb-26.7.3-stable.1"));
        assertThat(library("auto", LINUX, Optional.empty()).refusal()).isPresent();
    }

    @Test
    void aLibraryOfAnotherSizeIsRemovedAndAWholeOneStays() throws IOException {
        Path whole = cached(566_330_096);
        ChdbLibrary.distrust(cache);
        assertThat(whole).exists();

        Path damaged = cached(566_330_095);
        ChdbLibrary.distrust(cache);
        assertThat(damaged.getParent()).doesNotExist();

        Files.createDirectory(damaged.getParent());
        ChdbLibrary.distrust(cache);
        assertThat(damaged.getParent()).doesNotExist();
    }

    @Test
    @Tag("long")
    void aStartWithADamagedLibraryFailsAndRemovesIt(@TempDir Path directory) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Files.setPosixFilePermissions(cache, PosixFilePermissions.fromString("rwx--x--x"));
        Path damaged = cached(4_096);
        Settings settings = Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer(
                        "test",
                        Map.of(
                                "isolated.embedded.clickhouse", "library",
                                "isolated.embedded.cache", cache.toString(),
                                "isolated.embedded.directory", directory.toString()))
                .build();
        var source = new EmbeddedSource();
        assertThatThrownBy(() -> source.start(new ClickHouseService(), settings))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("the server ended while it was starting")
                .hasMessageContaining("what was damaged in the cache is made anew");
        assertThat(damaged.getParent()).doesNotExist();
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(library("/nowhere/libchdb.so", LINUX, Optional.empty()).refusal())
                .contains("isolated.embedded.clickhouse is /nowhere/libchdb.so, which is no file that can be read");
    }

    @Test
    void whatIsNoLibraryIsRefused() throws IOException {
        Path text = Files.writeString(cache.resolve("libchdb.so"), "text");
        for (Path wanted : List.of(cache, text)) {
            assertThat(library(wanted.toString(), LINUX, Optional.empty()).refusal())
                    .contains(
                            "isolated.embedded.clickhouse is " + wanted + ", which is neither a library nor a program");
        }
    }

    @Test
    void anNpmThatFailsIsToldWithTheOtherWaysAndLeavesNothing() throws IOException {
        ChdbLibrary library = library("auto", LINUX, FAILING);
        assertThat(library.refusal()).isEmpty();
        assertThatThrownBy(library::file)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("npm pack @chdb/lib-linux-x64-gnu@26.7.3-stable.1 failed with status 1")
                .hasMessageContaining("isolated.embedded.clickhouse")
                .hasMessageContaining("isolated.clickhouse.host");
        assertThat(cache.resolve("chdb-26.7.3-stable.1")).doesNotExist();
        assertThat(library.refusal()).as("what the next run finds").isEmpty();
    }

    @Test
    void anArchiveThatSomebodyHasChangedIsNotUsed() throws IOException {
        Path archive = Files.writeString(cache.resolve("changed.tgz"), "something else");
        assertThatThrownBy(() -> ChdbLibrary.requireGenuine(archive))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("has the digest ")
                .hasMessageContaining("XP97mMqnc5tZpKQywR8N7cLTsHNiTmHr30pC5mzo3jWmukjKn2IBa60c2B")
                .hasMessageContaining("it is not used");
    }

    /** A file of some size where the library is, which takes no room. */
    private Path cached(long size) throws IOException {
        Path directory = Files.createDirectories(cache.resolve("chdb-26.7.3-stable.1"));
        Path file = directory.resolve("libchdb.so");
        try (var content = new RandomAccessFile(file.toFile(), "rw")) {
            content.setLength(size);
        }
        return file;
    }

    private ChdbLibrary library(String wanted, Platform platform, Optional<String> npm) {
        return new ChdbLibrary(wanted, Optional.of(cache), platform, npm);
    }
}
