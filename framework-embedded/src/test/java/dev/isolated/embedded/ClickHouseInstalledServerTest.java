package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.clickhouse.ClickHouse;
import dev.isolated.clickhouse.ClickHouseService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Service;
import dev.isolated.spi.Slices;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server of ClickHouse's own making starts from the configuration that this library writes. The operating system's is too
 * old for anything more, and is refused when somebody wants it.
 */
class ClickHouseInstalledServerTest {

    private static Path installed;

    @TempDir
    private Path directory;

    /** Where there is none the tests are skipped, or fail where CLICKHOUSE_SERVER_REQUIRED=true. */
    @BeforeAll
    static void findServer() {
        Optional<String> found = Programs.onPath("clickhouse-server");
        assertThat(found.isPresent() || !"true".equals(System.getenv("CLICKHOUSE_SERVER_REQUIRED")))
                .as("that clickhouse-server is on the path, as CLICKHOUSE_SERVER_REQUIRED says")
                .isTrue();
        assumeThat(found)
                .as("clickhouse-server on the path; .ci/clickhouse installs it")
                .isPresent();
        installed = Path.of(found.orElseThrow());
    }

    /** A host goes on for a moment when its last client has gone; JUnit would remove the directory beneath it. */
    @AfterEach
    void awaitHosts() {
        ClickHouseServers.awaitEnd(directory);
    }

    @Test
    void itListensForHttpOnLoopbackAloneAndWantsThePassword() throws Exception {
        try (Server server = start()) {
            String password = server.endpoint().password().reveal();
            assertThat(answer(server, password).body()).isEqualTo("1\n");
            assertThat(answer(server, "another").statusCode()).isNotEqualTo(200);
            assertThat(answer(server, "another").body()).contains("Wrong password");

            ProcessHandle process = process(server);
            assertThat(listening(process.pid()))
                    .containsExactly(
                            String.format("0100007F:%04X", server.endpoint().port()));
            assertThat(process.info().commandLine().orElse("")).doesNotContain(password);
        }
    }

    @Test
    void whatItWritesIsInItsDirectoryAndGoesWithIt() throws Exception {
        ProcessHandle process;
        try (Server server = start()) {
            process = process(server);
            Path data = EmbeddedPostgresTest.runDirectories(directory).get(0).resolve("data");
            for (String name : List.of("config.xml", "users.xml")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(name))))
                        .isEqualTo("rw-------");
            }
            assertThat(List.of("tmp", "user_files", "format_schemas", "metadata", "status"))
                    .allSatisfy(it -> assertThat(data.resolve(it)).exists());
            assertThat(server.hold().log().orElseThrow()).content().contains(ClickHouseServer.READY);
        }
        ClickHouseServers.awaitEnd(directory);
        await().atMost(Duration.ofSeconds(5)).until(() -> !process.isAlive());
    }

    @Test
    void itIsRefusedForItsVersionWhereSomebodyNamesIt() {
        Settings settings = settings(Map.of("isolated.embedded.clickhouse", installed.toString()));

        assertThat(new EmbeddedSource().refusal(new ClickHouseService(), settings))
                .get()
                .asString()
                .startsWith("isolated.embedded.clickhouse is " + installed
                        + ", which does not answer --version as ClickHouse 24 and newer do: ")
                .contains("version");
    }

    private Server start() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Settings settings =
                settings(Map.of("isolated.embedded.directory", directory.toString(), "isolated.embedded.warm", "off"));
        Account account = Account.current();
        var places = new Places(settings, account);
        var server = new ClickHouseServer(new ClickHouseProgram(installed));
        return new Hosts(settings, account, places)
                .server(new Untouched(), () -> server.recipe(settings, account, places));
    }

    private static Settings settings(Map<String, String> texts) {
        return Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer("test", texts)
                .build();
    }

    private static HttpResponse<String> answer(Server server, String password)
            throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        ClickHouseHttp.request(
                                server.endpoint().address(),
                                "",
                                "SELECT 1",
                                server.endpoint().user(),
                                password),
                        HttpResponse.BodyHandlers.ofString());
    }

    private static ProcessHandle process(Server server) {
        String port = "--http_port=" + server.endpoint().port();
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .arguments()
                        .map(List::of)
                        .filter(it -> it.contains(port))
                        .isPresent())
                .filter(process -> process.info().command().orElse("").contains("clickhouse"))
                .findFirst()
                .orElseThrow();
    }

    /** The addresses at which a process takes connections, as Linux writes them. */
    private static List<String> listening(long pid) throws IOException {
        List<String> own;
        try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
            own = files.map(ClickHouseInstalledServerTest::target).toList();
        }
        return Stream.concat(
                        Files.readAllLines(Path.of("/proc/net/tcp")).stream(),
                        Files.readAllLines(Path.of("/proc/net/tcp6")).stream())
                .map(line -> line.strip().split("\\s+"))
                .filter(fields -> fields[3].equals("0A") && own.contains("socket:[" + fields[9] + "]"))
                .map(fields -> fields[1])
                .toList();
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "closed meanwhile: " + e.getMessage();
        }
    }

    /** ClickHouse, but for what a server must be newer for. */
    private static final class Untouched implements Service<ClickHouse> {

        private final ClickHouseService service = new ClickHouseService();

        @Override
        public String name() {
            return service.name();
        }

        @Override
        public Class<ClickHouse> handle() {
            return service.handle();
        }

        @Override
        public List<String> modes() {
            return service.modes();
        }

        @Override
        public Slices<ClickHouse> connect(Server server, Plan plan) {
            throw new UnsupportedOperationException("nobody connects to it");
        }
    }
}
