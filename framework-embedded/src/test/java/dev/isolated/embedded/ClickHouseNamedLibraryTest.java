package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.contract.Bench;
import dev.isolated.lease.Lease;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engine is the library that a setting names, wherever it is. */
class ClickHouseNamedLibraryTest {

    @Test
    void aLibraryThatIsNamedIsTheOneThatIsStarted(@TempDir Path directory, @TempDir Path elsewhere) throws Exception {
        Files.setPosixFilePermissions(elsewhere, PosixFilePermissions.fromString("rwx--x--x"));
        Path named = Files.createSymbolicLink(elsewhere.resolve("engine of one's own.so"), fetched());
        try (Server server = ClickHouseServers.embeddedIn(directory, named.toString())) {
            assertThat(ClickHouseServers.process(server).info().arguments().orElseThrow())
                    .contains(named.toString());
            try (Bench<ClickHouse> bench = Bench.open(
                            new ClickHouseService(),
                            server,
                            ClickHouseService.DATABASE,
                            ClickHouseServers.settings(1, Map.of()));
                    Lease<ClickHouse> lease = bench.pool().lease("the test on that engine")) {
                assertThat(ClickHouseHttp.post(lease.handle(), "", "SELECT 6 * 7")
                                .body())
                        .isEqualTo("42\n");
            }
        }
        ClickHouseServers.awaitEnd(directory);
    }

    private static Path fetched() throws Exception {
        return ChdbLibrary.of(Settings.builder()
                        .declare(EmbeddedKeys.all())
                        .layer("test", Map.of("isolated.embedded.clickhouse", "library"))
                        .build())
                .file();
    }
}
