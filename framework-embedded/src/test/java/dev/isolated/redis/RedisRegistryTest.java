package dev.isolated.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.isolated.contract.Bench;
import dev.isolated.embedded.EmbeddedSource;
import dev.isolated.error.IsolationException;
import dev.isolated.settings.Secret;
import dev.isolated.settings.Settings;
import dev.isolated.spi.Endpoint;
import dev.isolated.spi.Leftover;
import dev.isolated.spi.Plan;
import dev.isolated.spi.Server;
import dev.isolated.spi.Slice;
import dev.isolated.spi.Slices;
import dev.isolated.spi.Tenant;
import io.lettuce.core.RedisException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose a number is, when what was true a moment ago is so no more. */
class RedisRegistryTest {

    private static final Tenant TENANT = new Tenant("LateTest.isLate");

    private final String run = Bench.newRun();
    private final AtomicLong now = new AtomicLong();
    private Server server;
    private RedisAdmin admin;
    private Keeper keeper;
    private Numbers numbers;
    private Registry registry;

    /** A server with two numbers to lease. */
    @BeforeEach
    void start() {
        var source = new EmbeddedSource();
        Settings settings = Settings.builder()
                .declare(source.keys())
                .layer("test", Map.of("isolated.embedded.redis", "bundled"))
                .build();
        server = source.startOwn(new RedisService(), settings, List.of("--databases", "4"));
        admin = RedisAdmin.connect(server);
        keeper = new Keeper(server);
        numbers = Numbers.of(admin);
        registry = new Registry(admin, numbers, run, now::get);
        registry.renew(Clients.PATIENCE);
    }

    @AfterEach
    void stop() {
        keeper.close();
        admin.close();
        server.close();
    }

    @Test
    void aQuestionThatTheDriverRepeatsHasTheSameAnswer() {
        Owner owner = Owner.of(run, 1);
        int number = registry.lease(owner).orElseThrow();

        assertThat(registry.lease(owner)).hasValue(number);
        assertThat(registry.lease(Owner.of(run, 2)).orElseThrow()).isNotEqualTo(number);
        assertThat(registry.lease(Owner.of(run, 3))).isEmpty();
    }

    @Test
    void aNumberThatIsAnothersBeforeItsSliceIsMadeIsNotHandedOut() {
        Place place = leased(1);
        register(place.database(), "other/isolated_other_1");

        assertThatThrownBy(slice(place)::begin)
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("the number to be leased to this run");
    }

    @Test
    void aRunThatWasSilentForTooLongAsksWhetherItsNumberIsItsOwnThoughItHasSpokenSince() {
        Place place = leased(1);
        DatabaseSlice slice = slice(place);
        slice.begin();
        slice.handOut(TENANT).sync().set("key", "value");
        beSilentFor(Registry.LIFE.plusMillis(1));
        assertThat(registry.knows(place)).isFalse();
        register(place.database(), "other/isolated_other_1");

        assertThat(slice.evidence().toString())
                .contains("keys in database " + place.database(), "could not be had")
                .doesNotContain("key: string");
        assertThatThrownBy(slice::reset)
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("after LateTest.isLate")
                .hasMessageContaining("stood still for more than 8 s");
    }

    @Test
    void aRunThatWasSilentForTooLongAsksBeforeItHandsOut() {
        Place place = leased(1);
        DatabaseSlice slice = slice(place);
        slice.begin();
        beSilentFor(Registry.LIFE.plusMillis(1));
        register(place.database(), "other/isolated_other_1");

        assertThat(slice.handOut(TENANT).database()).isNotEqualTo(place.database());
        slice.destroy();
    }

    @Test
    void aRunThatSpokeInTimeIsAskedNothing() {
        Place place = leased(1);
        beSilentFor(Registry.LIFE);
        assertThat(registry.knows(place)).isTrue();
    }

    private void beSilentFor(Duration time) {
        now.addAndGet(time.toNanos());
        registry.renew(Clients.PATIENCE);
    }

    @Test
    void aRegistryOfWhichTheNumbersAloneAreLostIsAnotherOne() {
        Place place = leased(1);
        inRegistry("DEL", "isolated:numbers");
        registry.renew(Clients.PATIENCE);

        assertThat(registry.knows(place)).isFalse();
    }

    @Test
    void whoeverHadANumberBeforeTheRegistryWasLostIsCutOff() {
        try (Slices<Redis> former = connect();
                Slices<Redis> next = connect()) {
            Slice<Redis> lost = former.create(1);
            Redis old = lost.handOut(TENANT);
            assertThat(old.client().connect().sync().ping()).isEqualTo("PONG");
            admin.ask("empty the server", "FLUSHALL").require();

            List<Slice<Redis>> all = List.of(next.create(1), next.create(2));

            assertThat(all)
                    .extracting(it -> it.handOut(new Tenant("NextTest.any")).database())
                    .contains(old.database());
            assertThat(admin.ask("list users", "ACL", "USERS").text()).doesNotContain(old.user());
            assertThatThrownBy(() -> old.client().connect()).isInstanceOf(RedisException.class);
            lost.destroy();
            all.forEach(Slice::destroy);
        }
    }

    @Test
    void whatTheServerDidFreeIsNotLookedForAnyLonger() {
        try (Slices<Redis> slices = connect("modest")) {
            Slice<Redis> slice = slices.create(1);
            admin.ask("take a right", "ACL", "SETUSER", "modest", "-acl").require();
            assertThatThrownBy(slice::destroy).hasMessageContaining("NOPERM");

            assertThat(slices.leftovers())
                    .singleElement()
                    .satisfies(it -> assertThat(it.remove())
                            .as("that there was anything to remove")
                            .isFalse());
            assertThat(slices.leftovers()).isEmpty();
        }
    }

    @Test
    void whatAnotherRunHasTakenOverIsNotRemovedAgain() {
        Place place = leased(1);
        inRegistry("DEL", "isolated:run:" + run);
        try (Slices<Redis> first = connect();
                Slices<Redis> second = connect()) {
            List<Leftover> seen = second.leftovers();
            assertThat(first.leftovers()).singleElement().matches(Leftover::remove, "is removed");
            assertThat(seen)
                    .singleElement()
                    .satisfies(it -> assertThat(it.describe()).contains("database " + place.database()))
                    .satisfies(it -> assertThat(it.remove()).isFalse());
        }
    }

    @Test
    void whoSealsTheInterpreterAgainChangesNothing() {
        new Interpreter(admin).seal(Clients.PATIENCE);
        for (String argument : List.of("first", "second")) {
            String found = admin.ask("run a script", "EVAL", "return ARGV[1]", "0", argument)
                    .text();
            assertThat(found).isEqualTo(argument);
            admin.ask("seal again", "EVAL", Interpreter.SEAL, "0").require();
        }
    }

    @Test
    void aFlightIsAwaitedNoLongerThanOneCommand() {
        admin.ask("hold everybody up", "CLIENT", "PAUSE", "1000", "ALL").require();
        long start = System.nanoTime();
        List<Reply> replies = admin.await(
                "ask thrice",
                admin.send(List.of(List.of("PING"), List.of("PING"), List.of("PING"))),
                Duration.ofMillis(250));

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofMillis(500));
        assertThat(replies).extracting(Reply::message).containsOnly("no answer within 250 ms");
    }

    @Test
    void aServerThatIsBusyWithAScriptIsNotSaidToRefuseItsAdministratorAnything() {
        admin.ask("be busy soon", "CONFIG", "SET", "lua-time-limit", "50").require();
        try (RedisAdmin another = RedisAdmin.connect(server)) {
            var endless = another.send(List.of(List.of("EVAL", "while true do end", "0")));
            try {
                await().until(() -> admin.ask("look whether it is busy", "PING").busy());
                assertThatThrownBy(() -> registry.renew(Clients.PATIENCE))
                        .isInstanceOf(IsolationException.class)
                        .hasMessageContaining("expected an answer of " + server.describe() + ", but found BUSY")
                        .hasMessageContaining("what keeps it from answering");
            } finally {
                admin.ask("stop it", "SCRIPT", "KILL").require();
            }
            assertThat(another.await("end", endless)).extracting(Reply::message).allMatch(it -> it.contains("killed"));
        }
    }

    @Test
    void whoIsInterruptedWhileTheServerIsBusyIsToldSo() {
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> Busy.outlast(admin, () -> DatabaseReset.Outcome.BUSY))
                .isInstanceOf(IsolationException.class)
                .hasMessageContaining("that the thread that waited for that was interrupted");
        assertThat(Thread.interrupted()).isTrue();
    }

    private Place leased(int slice) {
        Owner owner = Owner.of(run, slice);
        Registry.Era era = registry.era();
        return new Place(registry.lease(owner).orElseThrow(), owner, era);
    }

    private DatabaseSlice slice(Place place) {
        return new DatabaseSlice(admin, registry, new Users(admin, Rules.of(admin, run)), keeper, place);
    }

    private void register(int database, String owner) {
        inRegistry("HSET", "isolated:numbers", Integer.toString(database), owner);
    }

    private void inRegistry(String... command) {
        admin.await(
                        "be in the registry",
                        admin.send(List.of(
                                List.of("SELECT", Integer.toString(numbers.registry())),
                                List.of(command),
                                List.of("SELECT", "0"))))
                .forEach(Reply::require);
    }

    private Slices<Redis> connect() {
        return connect(server);
    }

    /** As a user who may do everything until that is taken away. */
    private Slices<Redis> connect(String user) {
        admin.ask("make a user", "ACL", "SETUSER", user, "on", ">" + user, "~*", "&*", "+@all")
                .require();
        var endpoint = Endpoint.plain("127.0.0.1", server.endpoint().port(), user, Secret.of(user));
        return connect(new Server("redis", "test", "", endpoint, server.tenure(), server.hold()));
    }

    private static Slices<Redis> connect(Server server) {
        var plan = new Plan(RedisService.DATABASE, List.of(), Settings.builder().build(), Bench.newRun());
        return new RedisService().connect(server, plan);
    }
}
