package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.InMemoryService;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Server;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hosts of shell scripts in place of servers. */
class HostsTest {

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Account ACCOUNT = Account.current();

    @TempDir
    private Path temporary;

    private Path template;

    @BeforeEach
    void make() throws IOException {
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwx--x--x"));
        template = Files.createDirectory(temporary.resolve("template"));
    }

    /** A host goes on for a moment when its last client has gone; JUnit would remove the directory beneath it. */
    @AfterEach
    void awaitHosts() {
        await().untilAsserted(() -> assertThat(directories()).isEmpty());
    }

    @Test
    void aServerThatEndsWhileItStartsLeavesNothing() throws IOException {
        assertThatThrownBy(() -> start("echo cannot; exit 3"))
                .isInstanceOf(IOException.class)
                .hasMessage("the server ended while it was starting: cannot\nthe server ended with status 3");

        assertThat(directories()).isEmpty();
    }

    @Test
    void aCopyThatFailsLeavesNothing() throws IOException {
        Files.delete(template);

        assertThatThrownBy(() -> start("echo ready"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the server ended while it was starting: ")
                .hasMessageContaining(template.toString());

        assertThat(directories()).isEmpty();
    }

    @Test
    void aStartByAnInterruptedThreadLeavesNothing() throws IOException {
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> start("sleep 60")).isInstanceOf(IOException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(directories()).isEmpty();
    }

    @Test
    void aStartThatIsInterruptedLeavesNothing() throws IOException {
        var start = new FutureTask<>(() -> start("exec sleep 60"));
        var thread = new Thread(start);
        thread.start();
        await().until(() -> contains("server"));

        thread.interrupt();

        assertThatThrownBy(start::get).hasMessageContaining("interrupted while the server was starting");
        assertThat(directories()).isEmpty();
    }

    @Test
    void aPortThatSomebodyElseTookIsReplacedByAnother() throws IOException {
        Path tried = temporary.resolve("tried");
        Files.createDirectory(
                tried, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
        Files.setPosixFilePermissions(tried, PosixFilePermissions.fromString("rwxrwxrwx"));

        start("for n in 1 2; do if [ ! -e " + tried + "/$n ]; then : >" + tried
                        + "/$n; echo could not bind; exit 1; fi; done;" + " echo ready; exec sleep 60")
                .close();

        assertThat(tried.resolve("2")).exists();
        assertThatThrownBy(() -> start("echo could not bind; exit 1"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("could not bind");
    }

    @Test
    void theLastWordsOfADeadServerAreItsLastTwentyLines() throws IOException {
        Server server = start("echo ready; until [ -e go ]; do sleep 0.05; done;"
                + " i=0; while [ $i -lt 100 ]; do i=$((i + 1)); echo line $i; done; exit 3");
        assertThat(server.hold().death()).isEmpty();
        Files.createFile(directories().get(0).path().resolve("data/go"));

        await().atMost(SOON).until(() -> server.hold().death().isPresent());

        assertThat(server.hold().death().orElseThrow().lines())
                .startsWith("its processes have ended; its last words: line " + (100 - 20 + 1 + 1))
                .endsWith("the server ended with status 3");
        await().atMost(SOON).untilAsserted(() -> assertThat(directories()).isEmpty());
        server.close();
    }

    @Test
    void nothingIsPreparedToLookForAServerOfAServiceThatHasNone() throws IOException {
        Path parent = places().running();
        Path other = Files.createDirectory(parent.resolve("other-00000001-1-1"));
        Recipe.Maker maker = () -> {
            throw new IOException("a recipe was made");
        };
        var hosts = new Hosts(settings(), ACCOUNT, places());

        assertThat(hosts.running(new InMemoryService(true), maker)).isEmpty();
        Path own = Files.createDirectory(parent.resolve("memory-00000001-1-1"));
        assertThatThrownBy(() -> hosts.running(new InMemoryService(true), maker))
                .hasMessage("a recipe was made");
        Files.delete(own);
        Files.delete(other);
    }

    @Test
    void theLogOutlivesTheServerAndIsBounded() throws IOException {
        Server server = start("echo ready; until [ -e go ]; do sleep 0.05; done;"
                + " head -c 30000000 /dev/zero | tr '\\0' x; echo the end; exec sleep 60");
        Path log = server.hold().log().orElseThrow();
        Files.createFile(directories().get(0).path().resolve("data/go"));

        await().atMost(Duration.ofSeconds(30))
                .until(() -> new ServerLog(log).lastWords().endsWith("the end"));
        server.close();

        await().atMost(SOON).untilAsserted(() -> assertThat(directories()).isEmpty());
        assertThat(Files.size(log)).isLessThan(9_000_000);
        assertThat(Files.size(log.resolveSibling(log.getFileName() + ".1"))).isLessThan(9_000_000);
    }

    @Test
    void onlyLogsOfServersThatAreNoMoreMakeRoomForNewOnes() throws IOException {
        Server running = start("echo ready; exec sleep 60");
        Path log = running.hold().log().orElseThrow();
        Files.setLastModifiedTime(log, FileTime.fromMillis(0));
        Path oldest = Files.createFile(log.resolveSibling("oldest.log"));
        Files.setLastModifiedTime(oldest, FileTime.fromMillis(1));
        var recent = new ArrayList<Path>();
        for (int number = 1; number <= 21; number++) {
            recent.add(Files.createFile(log.resolveSibling(number + ".log")));
        }

        Server next = start("echo ready; exec sleep 61");

        assertThat(log).exists();
        assertThat(oldest).doesNotExist();
        assertThat(recent)
                .as("logs of servers that may live in other places")
                .allSatisfy(it -> assertThat(it).exists());
        running.close();
        next.close();
    }

    @Test
    void whoChangesTheScriptChangesItsVersion() throws IOException {
        try (InputStream script = Host.class.getResourceAsStream("host.sh")) {
            assertThat(new String(script.readAllBytes(), StandardCharsets.UTF_8).hashCode())
                    .as("the hash of host.sh; with another script Host.VERSION is to be counted up")
                    .isEqualTo(-1657460931);
        }
    }

    private List<HostDirectory> directories() throws IOException {
        return HostDirectory.all(places().running());
    }

    private boolean contains(String name) throws IOException {
        try (Stream<Path> files = Files.walk(temporary)) {
            return files.anyMatch(file -> file.endsWith(name));
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private Server start(String script) throws IOException {
        var recipe = new Recipe(
                "memory-00000001",
                template,
                port -> List.of("/bin/sh", "-c", script),
                port -> Optional.empty(),
                "ready",
                "could not bind",
                "admin",
                Secret.of("a secret"));
        return new Hosts(settings(), ACCOUNT, places()).server(new InMemoryService(true), () -> recipe);
    }

    private Places places() {
        return new Places(settings(), ACCOUNT);
    }

    private Settings settings() {
        return Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer(
                        "test",
                        Map.of(
                                "isolated.embedded.directory",
                                temporary.toString(),
                                "isolated.embedded.cache",
                                temporary.resolve("cache").toString(),
                                "isolated.embedded.start-timeout",
                                "10s",
                                "isolated.embedded.warm",
                                "off"))
                .build();
    }
}
