package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.isolated.postgres.PostgresService;
import dev.isolated.settings.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** JVMs that are killed while their server runs, and a JVM that belongs to an ordinary user. */
@Tag("long")
class CrashTest {

    private static final Duration SOON = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    @Test
    void killingTheJvmLeavesNoProcessAndNoDirectory() throws Exception {
        Process jvm = startedJvm(List.of(), classPath());
        List<ProcessHandle> processes = jvm.descendants().toList();
        assertThat(processes).isNotEmpty();
        assertThat(EmbeddedPostgresTest.runDirectories(directory)).isNotEmpty();

        jvm.destroyForcibly();

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(processes).noneMatch(ProcessHandle::isAlive);
            assertThat(EmbeddedPostgresTest.runDirectories(directory)).isEmpty();
        });
    }

    @Test
    void killingTheJvmWhileTheDataIsCopiedLeavesNothing() throws Exception {
        new EmbeddedSource().start(new PostgresService(), settings()).close();
        Path programs = Files.createDirectory(directory.resolve("programs"));
        Path copying = directory.resolve("copying");
        Path go = directory.resolve("go");
        Path cp = Files.writeString(
                programs.resolve("cp"),
                "#!/bin/sh\nmkdir \"$3\"; touch " + copying + "\nwhile [ ! -e " + go
                        + " ]; do sleep 0.05; done\necho No room >&2; exit 1\n");
        Files.setPosixFilePermissions(cp, PosixFilePermissions.fromString("rwxr-xr-x"));
        Process jvm = jvm(List.of("/usr/bin/env", "PATH=" + programs + ":" + System.getenv("PATH")), classPath());
        await().atMost(Duration.ofSeconds(20)).until(() -> Files.exists(copying));
        List<ProcessHandle> processes = jvm.descendants().toList();
        assertThat(EmbeddedPostgresTest.runDirectories(directory)).hasSize(1);

        jvm.destroyForcibly().waitFor();
        Files.createFile(go);

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(processes).noneMatch(ProcessHandle::isAlive);
            assertThat(EmbeddedPostgresTest.runDirectories(directory)).isEmpty();
        });
    }

    @Test
    void aStrictUmaskOfRootShutsNobodyOut() throws Exception {
        assumeTrue(Account.current().root(), "only root runs the server as somebody else");
        Path cache = directory.resolve("new/cache");

        Process jvm =
                startedJvm(List.of("/bin/sh", "-c", "umask 077; exec \"$0\" \"$@\""), classPath(), cache.toString());

        jvm.getOutputStream().close();
        assertThat(jvm.waitFor()).isZero();
    }

    @Test
    void theNextStartRemovesWhatIsLeftWhenTheGuardIsKilledToo() throws Exception {
        Process jvm = startedJvm(List.of(), classPath());
        List<ProcessHandle> processes = jvm.descendants().toList();

        hostProcesses().forEach(ProcessHandle::destroyForcibly);
        jvm.destroyForcibly();
        jvm.onExit().join();
        assertThat(EmbeddedPostgresTest.runDirectories(directory)).isNotEmpty();
        new EmbeddedSource().start(new PostgresService(), settings()).close();

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(processes).noneMatch(ProcessHandle::isAlive);
            assertThat(EmbeddedPostgresTest.runDirectories(directory)).isEmpty();
        });
    }

    @Test
    void worksForAnOrdinaryUserToo() throws Exception {
        Account root = Account.current();
        assumeTrue(root.root(), "all other tests have shown it, because none of them ran as root");

        Process jvm = startedJvm(root.prefix(), readableClassPath());

        assertThat(jvm.isAlive()).isTrue();
        jvm.getOutputStream().close();
        assertThat(jvm.waitFor()).isZero();
    }

    /** A JVM whose server is running; it ends when its input does. */
    private Process startedJvm(List<String> prefix, String classPath, String... more) throws IOException {
        Process jvm = jvm(prefix, classPath, more);
        BufferedReader output = jvm.inputReader(StandardCharsets.UTF_8);
        var said = new ArrayList<String>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            if (line.equals(ServerMain.READY)) {
                return jvm;
            }
        }
        throw new AssertionError("the JVM ended before its server was ready: " + String.join("\n", said));
    }

    private Process jvm(List<String> prefix, String classPath, String... more) throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                "-Duser.home=" + directory,
                ServerMain.class.getName(),
                directory.toString()));
        command.addAll(List.of(more));
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }

    private Settings settings() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxrwxrwx"));
        return Settings.builder()
                .declare(EmbeddedKeys.all())
                .layer(
                        "test",
                        Map.of("isolated.embedded.directory", directory.toString(), "isolated.embedded.warm", "off"))
                .build();
    }

    private List<ProcessHandle> hostProcesses() throws IOException {
        return EmbeddedPostgresTest.runDirectories(directory).stream()
                .flatMap(path -> new HostDirectory(path).processes(false).stream())
                .toList();
    }

    private static String classPath() {
        return System.getProperty("java.class.path");
    }

    /** The class path where another user can read it: homes and work trees are often private. */
    private String readableClassPath() throws IOException {
        Path copies = Files.createDirectory(directory.resolve("class-path"));
        var entries = new ArrayList<String>();
        for (String entry : classPath().split(":", -1)) {
            Path copy = copies.resolve(Integer.toString(entries.size()));
            copy(Path.of(entry), copy);
            entries.add(copy.toString());
        }
        return entries.stream().collect(Collectors.joining(":"));
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> all;
        try (Stream<Path> tree = Files.walk(from)) {
            all = tree.toList();
        }
        for (Path path : all) {
            Files.copy(path, to.resolve(from.relativize(path)));
        }
    }
}
