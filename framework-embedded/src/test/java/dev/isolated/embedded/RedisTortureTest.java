package dev.isolated.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.isolated.redis.Redis;
import dev.isolated.redis.RedisService;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Three JVMs, of which one is killed again and again, have 50 tests at once on a server with 64 databases, until the last one's
 * databases have been taken over; {@code -Disolated.redis.torture.seconds} says for how long some are killed, and {@code
 * -Disolated.redis.torture.program} on which server. No test sees anything of another's, and no database is lost.
 */
@Tag("long")
@Isolated
class RedisTortureTest {

    private static final Duration TIME = Duration.ofSeconds(Long.getLong("isolated.redis.torture.seconds", 1));
    private static final String PROGRAM = System.getProperty("isolated.redis.torture.program", "auto");
    private static final List<Integer> AT_ONCE = List.of(17, 17, 16);
    static final int DATABASES = 64;

    /** How many tests each JVM has at least, be it the last one to be started: as many as there are of it at once. */
    private static final int FEWEST = 16;

    private static final Duration SOON = Duration.ofSeconds(90);

    private final long seed = Long.getLong("isolated.redis.torture.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final List<Thread> readers = new ArrayList<>();

    @Test
    void nobodySeesAnotherTestsKeysAndNoDatabaseIsLost(TestReporter reporter) throws Exception {
        try (Server server = RedisServers.own(PROGRAM).start(List.of("--databases", Integer.toString(DATABASES)))) {
            torture(server);
            assertThat(said)
                    .as("seed " + seed)
                    .noneMatch(line -> line.startsWith(RedisTortureMain.WRONG))
                    .filteredOn(line -> line.startsWith(RedisTortureMain.TESTS))
                    .hasSize(AT_ONCE.size())
                    .allMatch(line -> tests(line) >= FEWEST);
            reporter.publishEntry("torture", "seed " + seed + ", " + said);
            nothingIsLost(server);
        }
    }

    private static long tests(String line) {
        return Long.parseLong(line.substring(RedisTortureMain.TESTS.length()));
    }

    private void torture(Server server) throws Exception {
        var probe = new RedisProbe(server);
        var killed = new ArrayList<String>();
        var jvms = new ArrayList<Process>();
        try {
            for (int atOnce : AT_ONCE) {
                jvms.add(begin(server, atOnce));
            }
            await().atMost(SOON).until(() -> said.size() >= AT_ONCE.size());
            long end = System.nanoTime() + TIME.toNanos();
            do {
                int struck = random.nextInt(AT_ONCE.size());
                Process doomed = jvms.get(struck);
                long life = Math.min(TIME.toMillis(), 2_000 + random.nextInt(8_000));
                killed.add(run(probe, doomed));
                assertThat(doomed.waitFor(life, TimeUnit.MILLISECONDS))
                        .as("that it ends by itself")
                        .isFalse();
                doomed.destroyForcibly().waitFor();
                jvms.set(struck, begin(server, AT_ONCE.get(struck)));
            } while (System.nanoTime() < end);
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(probe.owners())
                            .as("whose databases others still have to take over")
                            .noneMatch(owner -> killed.stream().anyMatch(run -> owner.startsWith(run + "/"))));
        } finally {
            for (Process jvm : jvms) {
                jvm.getOutputStream().close();
            }
            for (Process jvm : jvms) {
                awaitEnd(jvm);
            }
            for (Thread reader : readers) {
                awaitEnd(reader);
            }
        }
    }

    /** What a JVM's run is called, once it has a database. */
    private static String run(RedisProbe probe, Process jvm) {
        String who = "process " + jvm.pid() + " on ";
        return await().atMost(SOON)
                .until(
                        () -> probe.inRegistry(redis -> redis.keys(RedisProbe.signOfLife("*")).stream()
                                .filter(key -> String.valueOf(redis.get(key)).startsWith(who))
                                .map(key ->
                                        key.substring(RedisProbe.signOfLife("").length()))
                                .findFirst()
                                .filter(run -> redis.hvals("isolated:numbers").stream()
                                        .anyMatch(owner -> owner.startsWith(run + "/")))),
                        Optional::isPresent)
                .orElseThrow();
    }

    private void awaitEnd(Process jvm) throws InterruptedException {
        if (!jvm.waitFor(SOON.toSeconds(), TimeUnit.SECONDS)) {
            said.add(RedisTortureMain.WRONG + "a JVM does not end");
            jvm.destroyForcibly().waitFor();
        } else if (jvm.exitValue() != 0) {
            said.add(RedisTortureMain.WRONG + "a JVM ended with status " + jvm.exitValue());
        }
    }

    /** What nobody has read, nobody has judged. */
    private void awaitEnd(Thread reader) throws InterruptedException {
        reader.join(SOON.toMillis());
        if (reader.isAlive()) {
            said.add(RedisTortureMain.WRONG + reader.getName() + " still reads");
        }
    }

    private Process begin(Server server, int atOnce) throws IOException {
        Process jvm = RedisTortureMain.start(server, atOnce, random.nextLong());
        var reader = new Thread(() -> listen(jvm), "torture-" + jvm.pid());
        reader.setDaemon(true);
        reader.start();
        readers.add(reader);
        return jvm;
    }

    private void listen(Process jvm) {
        try (BufferedReader lines = jvm.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(said::add);
        } catch (IOException | UncheckedIOException e) {
            said.add("its output ended: " + e.getMessage());
        }
    }

    /** Every database but the registry's is empty and can be leased once more, and no user is left. */
    private static void nothingIsLost(Server server) {
        var plan = new Plan(RedisService.DATABASE, List.of(), Settings.builder().build(), "99999999");
        var probe = new RedisProbe(server);
        try (Slices<Redis> slices = new RedisService().connect(server, plan)) {
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                slices.leftovers().forEach(it -> it.remove());
                List<String> users = probe.asAdministrator(0, redis -> redis.aclUsers());
                assertThat(users).containsExactly("default");
                String keys = probe.asAdministrator(0, redis -> redis.info("keyspace"));
                assertThat(keys.lines().filter(line -> line.startsWith("db")))
                        .singleElement()
                        .asString()
                        .startsWith("db" + (DATABASES - 1) + ":");
            });
            assertThat(slices.capacity()).isEqualTo(DATABASES - 2);
            var all = new ArrayList<Slice<Redis>>();
            for (int number = 1; number <= slices.capacity(); number++) {
                all.add(slices.create(number));
            }
            all.forEach(Slice::destroy);
        }
    }
}
