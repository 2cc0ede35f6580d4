package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
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
                .contains("there is no ClickHouse engine in the cache, and no npm to fetch it with;"
                        + " set isolated.embedded.clickhouse to the file of a libchdb of version 26.7, install npm,"
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
    void whatIsInTheCacheNeedsNoNpm() throws IOException {
        Files.createDirectory(cache.resolve("chdb-26.7.3-stable.1"));
        ChdbLibrary library = library("auto", LINUX, Optional.empty());
        assertThat(library.refusal()).isEmpty();
        assertThat(library.file()).isEqualTo(cache.resolve("chdb-26.7.3-stable.1/libchdb.so"));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(library("/nowhere/libchdb.so", LINUX, Optional.empty()).refusal())
                .contains("isolated.embedded.clickhouse is /nowhere/libchdb.so, which is no file that can be read");
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

    private ChdbLibrary library(String wanted, Platform platform, Optional<String> npm) {
        return new ChdbLibrary(wanted, Optional.of(cache), platform, npm);
    }
}
