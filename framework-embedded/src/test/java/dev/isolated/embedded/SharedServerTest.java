package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One server for all who need the same, and how long it stays. */
class SharedServerTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    @BeforeEach
    void letTheServersAccountIn() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void whoeverNeedsTheSameServerSharesItUntilTheLastHasLeft() throws Exception {
        Server first = start("off");
        Server second = start("off");
        assertThat(second.endpoint()).isEqualTo(first.endpoint());
        assertThat(second.version()).isEqualTo(first.version());

        first.close();

        assertThat(answer(second)).isEqualTo(1);
        second.close();
        awaitNothing();
    }

    @Test
    void aServerThatStaysWarmIsFoundByTheNextRunAndGoesWhenItsTimeIsOver() throws Exception {
        Server first = start("on");
        first.close();
        Server second = start("on");
        assertThat(second.endpoint()).isEqualTo(first.endpoint());
        assertThat(answer(second)).isEqualTo(1);

        second.close();

        awaitNothing();
    }

    @Test
    void startsThatMeetServersWhichAreAboutToGoAllWork() throws Exception {
        Callable<Integer> comingAndGoing = () -> {
            int answers = 0;
            for (int i = 0; i < 15; i++) {
                try (Server server = start("off")) {
                    answers += answer(server);
                }
            }
            return answers;
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<Integer> answers : threads.invokeAll(List.of(comingAndGoing, comingAndGoing))) {
                assertThat(answers.get()).isEqualTo(15);
            }
        } finally {
            threads.shutdown();
        }
        awaitNothing();
    }

    @Test
    void manyWhoComeAtOnceStartOneServer() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        var ports = new HashSet<Integer>();
        var servers = new ArrayList<Server>();
        try {
            Callable<Server> coming = () -> start("off");
            for (Future<Server> server : threads.invokeAll(List.of(coming, coming, coming, coming, coming, coming))) {
                servers.add(server.get());
                ports.add(server.get().endpoint().port());
            }
        } finally {
            threads.shutdown();
            servers.forEach(Server::close);
        }
        assertThat(ports).hasSize(1);
        awaitNothing();
    }

    @Test
    void aServerWhoseHostsWereAllKilledIsReplacedAndRemoved() throws Exception {
        Server lost = start("on");
        HostDirectory abandoned = hostDirectory();
        abandoned.processes(false).forEach(ProcessHandle::destroyForcibly);
        await().atMost(SOON).until(abandoned::abandoned);

        Server server = start("off");

        assertThat(server.endpoint()).isNotEqualTo(lost.endpoint());
        assertThat(answer(server)).isEqualTo(1);
        assertThat(abandoned.path()).doesNotExist();
        await().atMost(SOON).until(() -> lost.hold().death().isPresent());
        lost.close();
        server.close();
        awaitNothing();
    }

    @Test
    void aKilledServerIsNoticedAndReplaced() throws Exception {
        Server killed = start("on");
        hostDirectory().processes(true).forEach(ProcessHandle::destroyForcibly);

        await().atMost(SOON).until(() -> killed.hold().death().isPresent());
        assertThat(killed.hold().death().orElseThrow()).startsWith("its processes have ended; its last words: ");
        try (Server next = start("off")) {
            assertThat(answer(next)).isEqualTo(1);
        }
        killed.close();
        awaitNothing();
    }

    @Test
    void whatTheHostKeepsIsForItsUserAlone() throws Exception {
        try (Server server = start("off")) {
            HostDirectory host = hostDirectory();
            assertThat(modeOf(host.path())).isEqualTo("rwx------");
            for (Path kept : List.of(
                    host.address(),
                    host.clients(),
                    host.alive(),
                    server.hold().log().orElseThrow())) {
                assertThat(modeOf(kept)).as(kept.toString()).isEqualTo("rw-------");
            }
            assertThat(modeOf(host.path().resolve("data"))).isEqualTo("rwx------");
            assertThat(Files.readString(server.hold().log().orElseThrow()))
                    .contains("database system is ready")
                    .doesNotContain(server.endpoint().password().reveal());
            assertThat(ProcessHandle.allProcesses())
                    .noneMatch(process -> process.info()
                            .commandLine()
                            .orElse("")
                            .contains(server.endpoint().password().reveal()));
        }
    }

    private HostDirectory hostDirectory() throws IOException {
        List<Path> directories = EmbeddedPostgresTest.runDirectories(directory);
        assertThat(directories).hasSize(1);
        return new HostDirectory(directories.get(0));
    }

    private void awaitNothing() {
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(EmbeddedPostgresTest.runDirectories(directory))
                        .isEmpty());
    }

    private static String modeOf(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static int answer(Server server) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://" + server.endpoint().address() + "/postgres",
                        server.endpoint().user(),
                        server.endpoint().password().reveal());
                var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT 1")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private Server start(String warm) {
        return new EmbeddedSource()
                .start(
                        new PostgresService(),
                        Settings.builder()
                                .declare(EmbeddedKeys.all())
                                .layer(
                                        "test",
                                        Map.of(
                                                "isolated.embedded.directory",
                                                directory.toString(),
                                                "isolated.embedded.idle",
                                                "2s",
                                                "isolated.embedded.warm",
                                                warm))
                                .build());
    }
}
