package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three JVMs share a server; they, its host and its processes are killed at random points. Five seconds later nothing is
 * left, and the next round works on. The number of rounds is set by {@code -Disolated.chaos.rounds}.
 */
@Tag("long")
class ChaosTest {

    private static final int ROUNDS = Integer.getInteger("isolated.chaos.rounds", 6);
    private static final int JVMS = 3;
    private static final int LONGEST_PAUSE = 1_500;
    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration START = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final long seed = Long.getLong("isolated.chaos.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @BeforeEach
    void letTheServersAccountIn() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
    }

    @Test
    void whatIsKilledLeavesNothingBehindAndTheNextRoundWorks() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            String name = "round " + round + " of " + ROUNDS + ", seed " + seed;
            play(name, random.nextBoolean());
            await(name).atMost(SOON).untilAsserted(() -> {
                assertThat(EmbeddedPostgresTest.runDirectories(directory))
                        .as("directories of hosts")
                        .isEmpty();
                assertThat(stray()).as("processes that work there").isEmpty();
            });
        }
    }

    private void play(String name, boolean early) throws Exception {
        var jvms = new ArrayList<ChaosJvm>();
        try {
            for (int i = 0; i < JVMS; i++) {
                jvms.add(ChaosJvm.start(directory, random.nextBoolean() ? "on" : "off"));
            }
            if (!early) {
                await(name).atMost(START).until(() -> jvms.stream().allMatch(ChaosJvm::works));
            }
            List<ChaosJvm> killed = strike(jvms);
            awaitSlicesOf(name, killed);
        } finally {
            jvms.forEach(ChaosJvm::finish);
        }
        for (ChaosJvm jvm : jvms) {
            assertThat(jvm.process().waitFor(START.toSeconds(), TimeUnit.SECONDS))
                    .as("%s: that the JVM ends", name)
                    .isTrue();
            assertThat(jvm.said()).as(name).noneMatch(line -> line.startsWith(ChaosMain.FOREIGN_DATA));
        }
    }

    /** Kills one to three processes, each at a moment of its own: JVMs, servers', hosts', but of a host never all three. */
    private List<ChaosJvm> strike(List<ChaosJvm> jvms) throws Exception {
        var killed = new ArrayList<ChaosJvm>();
        int hosts = 0;
        for (int strikes = 1 + random.nextInt(3); strikes > 0; strikes--) {
            ChaosJvm witness = jvms.get(random.nextInt(jvms.size()));
            boolean ended = witness.process().waitFor(random.nextInt(LONGEST_PAUSE), TimeUnit.MILLISECONDS);
            if (ended || random.nextInt(3) == 0) {
                witness.process().destroyForcibly();
                killed.add(witness);
            } else if (random.nextBoolean() || hosts == 2) {
                killOne(true);
            } else {
                killOne(false);
                hosts++;
            }
        }
        return killed;
    }

    private void killOne(boolean ofServer) throws IOException {
        for (Path path : EmbeddedPostgresTest.runDirectories(directory)) {
            List<ProcessHandle> processes = new HostDirectory(path).processes(ofServer);
            if (!processes.isEmpty()) {
                processes.get(random.nextInt(processes.size())).destroyForcibly();
            }
        }
    }

    /** What a killed JVM had on a server that goes on is gone soon, while the others still use that. */
    private void awaitSlicesOf(String name, List<ChaosJvm> killed) {
        List<String> runs = killed.stream().flatMap(jvm -> jvm.run().stream()).toList();
        await(name)
                .atMost(SOON)
                .untilAsserted(() -> assertThat(databases())
                        .noneMatch(database -> runs.stream().anyMatch(database::contains)));
    }

    private List<String> databases() throws IOException {
        var names = new ArrayList<String>();
        for (Path path : EmbeddedPostgresTest.runDirectories(directory)) {
            var host = new HostDirectory(path);
            if (host.published()) {
                names.addAll(databases(Address.of(host)));
            }
        }
        return names;
    }

    private static List<String> databases(Address address) {
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + address.port() + "/postgres",
                        DataTemplate.ADMINISTRATOR,
                        address.password().reveal());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT datname FROM pg_database")) {
            var names = new ArrayList<String>();
            while (rows.next()) {
                names.add(rows.getString(1));
            }
            return names;
        } catch (SQLException e) {
            // A server that is gone has no slices; that it goes entirely is looked at afterwards.
            return List.of();
        }
    }

    private List<String> stray() throws IOException {
        String parent = directory.toRealPath().toString();
        return ProcessHandle.allProcesses()
                .filter(process -> workplace(process).startsWith(parent))
                .map(process ->
                        process.pid() + " " + process.info().commandLine().orElse(""))
                .toList();
    }

    /** Where a process works; the system says so of directories that are gone too. */
    private static String workplace(ProcessHandle process) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .toString();
        } catch (IOException e) {
            return "";
        }
    }
}
