package dev.isolated.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Captured;
import dev.isolated.error.NoRoomException;
import dev.isolated.lease.Lease;
import dev.isolated.lease.Pool;
import dev.isolated.settings.Keys;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the users of slices, on a server that has users of its own. */
class SqlUsersTest {

    private static final String RUN = "0a1b2c3d";

    private SqlUsers server;
    private Slices<ClickHouse> slices;

    @BeforeEach
    void connect() throws IOException {
        server = new SqlUsers();
        slices = new ClickHouseService().connect(server.server(), plan(ClickHouseService.DATABASE));
    }

    @AfterEach
    void close() {
        slices.close();
        server.close();
    }

    @Test
    void aUserWhoseViewsAreThereIsMadeAnewWhenTheyAreGone() {
        Slice<ClickHouse> slice = slices.create(1);
        var tenant = new Tenant("ViewTest.first");
        String first = slice.handOut(tenant).database();
        server.viewed.add(first);
        tenant.end();
        server.asked.clear();

        slice.reset();
        slice.awaitReset();

        String next = slice.handOut(new Tenant("ViewTest.next")).database();
        assertThat(server.databases).containsExactly(next);
        assertThat(server.users).containsExactly("isolated_" + RUN + "_1");
        assertThat(server.asked.stream().map(it -> it.replaceAll("(?<=\\w [A-Z]{4,8}) .*", "")))
                .containsSubsequence(
                        "ALTER USER", "KILL QUERY", "CREATE DATABASE", "DROP DATABASE", "DROP USER", "CREATE USER");
        slice.destroy();
        assertThat(server.users).isEmpty();
    }

    @Test
    void usersOfDeadRunsThatNothingElseIsLeftOfAreRemovedAndNoOthers() {
        server.users.addAll(List.of(
                "isolated_dead_3",
                "isolated_" + RUN + "_7",
                "isolated_stranger_1",
                "isolated_dead_own",
                "isolated_dead_03"));
        server.runs = "dead\t\t1\t1\t0\t0\n" + RUN + "\t\t1\t1\t1\t0";

        List<Leftover> leftovers = slices.leftovers();

        assertThat(leftovers)
                .extracting(Leftover::describe)
                .containsExactly("user isolated_dead_3 of run dead, which has ended");
        leftovers.get(0).remove();
        assertThat(server.users).doesNotContain("isolated_dead_3").hasSize(4);
    }

    @Test
    void aMarkOfARunThatIsNotKnownIsNotBelieved() {
        server.marks.add("isolated_stranger_1_1\tof a test: run stranger, user isolated_stranger_1");
        server.marks.add("isolated_dead_1_1\tof a test: run dead, user isolated_dead_1");
        server.runs = "dead\t\t1\t1\t0\t0";
        assertThat(slices.leftovers())
                .extracting(Leftover::describe)
                .containsExactly("database isolated_dead_1_1 of run dead, which has ended");
    }

    @Test
    void whatIsRefusedBesideOneRightDoesNotTakeTheOthersAway() {
        server.denied = sql -> sql.startsWith("GRANT") && sql.contains("system.merges");
        try (var log = new Captured("dev.isolated.clickhouse")) {
            slices.create(1);
            slices.create(2);
            assertThat(server.asked)
                    .contains("GRANT SELECT ON system.parts TO isolated_" + RUN + "_1")
                    .contains(
                            "GRANT CREATE TEMPORARY TABLE ON *.*, SELECT ON system.parts, SELECT ON system.parts_columns,"
                                    + " SELECT ON system.mutations, SELECT ON system.dictionaries TO isolated_" + RUN
                                    + "_2");
            assertThat(log.lines(Level.WARNING))
                    .singleElement()
                    .asString()
                    .contains("do without SELECT ON system.merges, which default may not grant");
        }
    }

    @Test
    void whereAllUsersAreTakenTheNextIsWaitedFor() {
        server.full = true;
        assertThatThrownBy(() -> slices.create(1))
                .isInstanceOf(NoRoomException.class)
                .hasMessageContaining("Could not make the user isolated_" + RUN + "_1 on clickhouse")
                .hasMessageContaining("Code: 499.")
                .hasMessageContaining("isolated.environments.max");
    }

    @Test
    void whereAllUsersAreTakenARunWithPrefixesWaitsToo() throws Exception {
        server.full = true;
        try (Slices<ClickHouse> prefixed =
                new ClickHouseService().connect(server.server(), plan(ClickHouseService.PREFIX))) {
            assertThatThrownBy(() -> prefixed.create(1)).isInstanceOf(NoRoomException.class);
            server.full = false;
            prefixed.create(2).destroy();
        }
    }

    @Test
    void whatCouldNotBeDroppedIsTriedAgainByTheRunThatMadeIt() throws Exception {
        var drops = new AtomicInteger();
        server.denied = sql -> sql.startsWith("DROP DATABASE") && drops.incrementAndGet() <= 2;
        var pool = new Pool<>(
                server.server(), slices, plan(ClickHouseService.DATABASE), new SimpleMeterRegistry(), System::nanoTime);
        Lease<ClickHouse> lease = pool.lease("the test whose database is not dropped");
        String first = lease.handle().database();
        lease.close();
        await().atMost(Duration.ofSeconds(20)).until(() -> drops.get() > 2 && !server.has(first));
        pool.close();
        assertThat(server.databases).isEmpty();
        assertThat(server.users).isEmpty();
    }

    @Test
    void aRunThatShowsLifeIsNotDeadHoweverOldItsProcessSeems() {
        Witness own = Witness.OWN;
        String process = own.machine() + "\t" + own.pid() + "\t";
        server.marks.add("isolated_beating_1_1\tof a test: run beating, user isolated_beating_1");
        server.marks.add("isolated_silent_1_1\tof a test: run silent, user isolated_silent_1");
        server.marks.add("isolated_stopped_1_1\tof a test: run stopped, user isolated_stopped_1");
        server.runs = String.join(
                "\n",
                "beating\t" + process + (own.began() + 1) + "\t1\t0",
                "silent\t" + process + (own.began() + 1) + "\t0\t0",
                "stopped\t" + process + own.began() + "\t0\t0");
        assertThat(own.began()).isPositive();
        assertThat(slices.leftovers())
                .extracting(Leftover::describe)
                .containsExactly("database isolated_silent_1_1 of run silent, which has ended");
    }

    private static Plan plan(String mode) {
        Settings settings = Settings.builder()
                .declare(Keys.all())
                .declare(new ClickHouseService().keys())
                .layer("test", Map.of(Keys.ENVIRONMENTS_MAX.name(), "1"))
                .build();
        return new Plan(mode, List.of(), settings, RUN);
    }
}
