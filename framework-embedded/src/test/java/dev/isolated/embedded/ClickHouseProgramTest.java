package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which ClickHouse is taken: a program of the path, one by its name, or the library. */
class ClickHouseProgramTest {

    private static final Settings SETTINGS =
            Settings.builder().declare(EmbeddedKeys.all()).build();

    @TempDir
    private Path directory;

    @Test
    void aProgramOnThePathIsTaken() throws IOException {
        Path program = ClickHouseStandIn.saying(directory, "clickhouse", ClickHouseStandIn.version("24.8.4.13"));

        Engine chosen = chosen("auto");

        assertThat(chosen).isEqualTo(new ClickHouseServer(new ClickHouseProgram(program)));
        assertThat(chosen.refusal(SETTINGS)).isEmpty();
        assertThat(new ClickHouseProgram(program).version()).isEqualTo("24.8.4.13");
        assertThat(new ClickHouseServer(new ClickHouseProgram(program)).command(8123))
                .contains(program.toString(), "server", "--http_port=8123");
    }

    @Test
    void aServerThatIsAProgramOfItsOwnIsTakenAndNotToldToBeOne() throws IOException {
        Path program = ClickHouseStandIn.saying(directory, "clickhouse-server", ClickHouseStandIn.version("25.3.1.1"));

        assertThat(chosen("auto")).isEqualTo(new ClickHouseServer(new ClickHouseProgram(program)));
        assertThat(new ClickHouseProgram(program).server("--version")).containsExactly(program.toString(), "--version");
    }

    @Test
    void oneThatIsTooOldMakesWayForTheNextAndForTheLibrary() throws IOException {
        Path old = ClickHouseStandIn.saying(directory, "clickhouse", ClickHouseStandIn.version("23.8.2.7"));
        assertThat(chosen("auto")).isInstanceOf(ClickHouseLibrary.class);

        Path other = ClickHouseStandIn.saying(directory, "clickhouse-server", ClickHouseStandIn.version("24.1.1.1"));
        assertThat(chosen("auto")).isEqualTo(new ClickHouseServer(new ClickHouseProgram(other)));

        Path first = Files.createDirectory(directory.resolve("first"));
        Files.createDirectory(first.resolve("clickhouse-server"));
        assertThat(ClickHouseEngine.chosen("auto", first + ":" + directory))
                .isEqualTo(new ClickHouseServer(new ClickHouseProgram(other)));

        assertThat(chosen(old.toString()).refusal(SETTINGS))
                .contains("isolated.embedded.clickhouse is " + old
                        + ", which is ClickHouse 23.8.2.7, while 24 or newer is needed");
    }

    @Test
    void oneThatDoesNotSayWhichVersionItIsIsRefusedWithWhatItSays() throws IOException {
        Path program = ClickHouseStandIn.saying(directory, "clickhouse", "something else");

        assertThat(chosen("auto")).isInstanceOf(ClickHouseLibrary.class);
        assertThat(chosen(program.toString()).refusal(SETTINGS))
                .contains("isolated.embedded.clickhouse is " + program
                        + ", which does not answer --version as ClickHouse 24 and newer do: it says something else");
    }

    @Test
    void aProgramThatMayNotBeRunIsRefused() throws IOException {
        Path program = Files.writeString(directory.resolve("clickhouse"), "#!/bin/sh\n");

        assertThat(chosen(program.toString()).refusal(SETTINGS))
                .contains("isolated.embedded.clickhouse is " + program + ", which is no program that can be run");
    }

    @Test
    void theLibraryCanBeForced() throws IOException {
        ClickHouseStandIn.saying(directory, "clickhouse", ClickHouseStandIn.version("24.8.4.13"));

        assertThat(chosen("library")).isInstanceOf(ClickHouseLibrary.class);
        assertThat(chosen("off")).isInstanceOf(ClickHouseLibrary.class);
    }

    @Test
    void aFileIsWhatItsContentSays() throws IOException {
        Settings library = Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer("test", Map.of("isolated.embedded.clickhouse", "library"))
                .build();
        assertThat(FileKind.of(ChdbLibrary.of(library).file())).isEqualTo(FileKind.LIBRARY);
        assertThat(FileKind.of(Path.of(System.getProperty("java.home"), "bin", "java")))
                .isEqualTo(FileKind.PROGRAM);
        assertThat(FileKind.of(Path.of("/bin/sh"))).isEqualTo(FileKind.PROGRAM);
        assertThat(FileKind.of(Files.writeString(directory.resolve("libchdb.so"), "#!/bin/sh\n")))
                .isEqualTo(FileKind.PROGRAM);
        assertThat(FileKind.of(Files.writeString(directory.resolve("text"), "text")))
                .isEqualTo(FileKind.OTHER);
        assertThat(FileKind.of(directory)).isEqualTo(FileKind.OTHER);
    }

    private Engine chosen(String wanted) {
        return ClickHouseEngine.chosen(wanted, directory.toString());
    }
}
